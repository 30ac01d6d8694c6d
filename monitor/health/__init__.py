"""What `restride doctor` looks at, and what it finds: values, and one module for each side of the matter.

Nothing here changes anything, and no finding holds a symptom, a note, a position or a name of a person or file: it is
what people paste where others read it. Runners are numbers, times are how long ago.
"""

from monitor.health.check import Check, State, discreet
from monitor.health.examination import examine

__all__ = ["Check", "State", "discreet", "examine"]
