-- Answers to drills, each with its variant, so that it stays readable if the template changes.

CREATE TABLE drill_answers (
    id INTEGER PRIMARY KEY,
    question TEXT NOT NULL,
    question_version TEXT NOT NULL,
    drill TEXT NOT NULL,  -- the template's name
    variant TEXT NOT NULL,  -- a hash of the code and the prompt
    hardness REAL NOT NULL,
    asks TEXT NOT NULL,
    code TEXT NOT NULL,
    why TEXT NOT NULL,
    expected TEXT NOT NULL,
    typed TEXT NOT NULL,  -- empty if skipped
    correct INTEGER NOT NULL,
    seconds REAL NOT NULL,  -- time that the learner took
    at TEXT NOT NULL
);
CREATE INDEX drill_answers_by_time ON drill_answers (at);

CREATE TRIGGER drill_answers_stay_as_they_are BEFORE UPDATE ON drill_answers
BEGIN SELECT RAISE(ABORT, 'an answer to a drill is never changed'); END;
CREATE TRIGGER drill_answers_stay BEFORE DELETE ON drill_answers
BEGIN SELECT RAISE(ABORT, 'an answer to a drill is never deleted'); END;
