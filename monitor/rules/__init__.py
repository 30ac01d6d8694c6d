"""Gates and symptom rules, one small file a code. Pure: facts in, words out."""
