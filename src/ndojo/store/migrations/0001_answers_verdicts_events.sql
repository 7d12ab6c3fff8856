-- Answers, their verdicts, and other events. Rows are only added, never changed.

PRAGMA application_id = 1852074607;  -- "ndjo", to recognize files of ndojo

CREATE TABLE answers (
    id INTEGER PRIMARY KEY,
    question TEXT NOT NULL,
    question_version TEXT NOT NULL,
    source BLOB NOT NULL,  -- UTF-8; bytes, because an answer may be invalid Unicode
    file_name TEXT NOT NULL,
    submitted_at TEXT NOT NULL,
    levels INTEGER  -- judge only up to this level; null for all levels
);
CREATE INDEX answers_by_question ON answers (question, id);

CREATE TABLE verdicts (
    answer_id INTEGER PRIMARY KEY REFERENCES answers (id),  -- one verdict per answer: the first
    code TEXT NOT NULL,
    passed_levels INTEGER NOT NULL,
    total_levels INTEGER NOT NULL,  -- number of judged levels
    seconds REAL NOT NULL,
    judge_version TEXT NOT NULL,
    judged_at TEXT NOT NULL,
    record TEXT NOT NULL  -- the whole verdict, as JSON
);

CREATE TABLE events (
    id INTEGER PRIMARY KEY,
    question TEXT NOT NULL,
    what TEXT NOT NULL,  -- no CHECK: SQLite would have to copy the table to add a value
    at TEXT NOT NULL,
    detail TEXT  -- JSON
);
CREATE INDEX events_by_question ON events (question, what, at);

CREATE TRIGGER answers_stay_as_they_are BEFORE UPDATE ON answers
BEGIN SELECT RAISE(ABORT, 'an answer is never changed'); END;
CREATE TRIGGER answers_stay BEFORE DELETE ON answers
BEGIN SELECT RAISE(ABORT, 'an answer is never deleted'); END;

CREATE TRIGGER verdicts_stay_as_they_are BEFORE UPDATE ON verdicts
BEGIN SELECT RAISE(ABORT, 'a verdict is never changed'); END;
CREATE TRIGGER verdicts_stay BEFORE DELETE ON verdicts
BEGIN SELECT RAISE(ABORT, 'a verdict is never deleted'); END;

CREATE TRIGGER events_stay_as_they_are BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END;
CREATE TRIGGER events_stay BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'an event is never deleted'); END;
