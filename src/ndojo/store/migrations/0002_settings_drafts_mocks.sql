-- Settings, drafts and mock interviews. Rows are only added, never changed.

CREATE TABLE settings (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,  -- the newest row of a name counts
    value TEXT NOT NULL,  -- JSON
    at TEXT NOT NULL
);

CREATE TABLE drafts (
    id INTEGER PRIMARY KEY,
    subject TEXT NOT NULL,  -- the text that is being written, such as "mock 3 item 1"
    kept INTEGER NOT NULL,  -- characters kept from the previous version, so that a keystroke adds only a few bytes
    added BLOB NOT NULL,  -- the text after them, in UTF-8
    at TEXT NOT NULL
);
CREATE INDEX drafts_by_subject ON drafts (subject, id);

CREATE TABLE mocks (
    id INTEGER PRIMARY KEY,
    company TEXT NOT NULL,  -- empty for any company
    minutes INTEGER NOT NULL,
    seed INTEGER NOT NULL,
    items TEXT NOT NULL,  -- JSON: the drawn questions
    begun_at TEXT NOT NULL
);

CREATE TABLE mock_events (
    id INTEGER PRIMARY KEY,
    mock INTEGER NOT NULL REFERENCES mocks (id),
    item INTEGER NOT NULL,  -- the number of the question in the mock, from 0
    what TEXT NOT NULL,
    at TEXT NOT NULL,
    detail TEXT  -- JSON
);
CREATE INDEX mock_events_by_mock ON mock_events (mock, id);

CREATE TRIGGER settings_stay_as_they_are BEFORE UPDATE ON settings
BEGIN SELECT RAISE(ABORT, 'a setting is never changed, only followed by another'); END;
CREATE TRIGGER settings_stay BEFORE DELETE ON settings
BEGIN SELECT RAISE(ABORT, 'a setting is never deleted'); END;

CREATE TRIGGER drafts_stay_as_they_are BEFORE UPDATE ON drafts
BEGIN SELECT RAISE(ABORT, 'a draft is never changed'); END;
CREATE TRIGGER drafts_stay BEFORE DELETE ON drafts
BEGIN SELECT RAISE(ABORT, 'a draft is never deleted'); END;

CREATE TRIGGER mocks_stay_as_they_are BEFORE UPDATE ON mocks
BEGIN SELECT RAISE(ABORT, 'a mock interview is never changed'); END;
CREATE TRIGGER mocks_stay BEFORE DELETE ON mocks
BEGIN SELECT RAISE(ABORT, 'a mock interview is never deleted'); END;

CREATE TRIGGER mock_events_stay_as_they_are BEFORE UPDATE ON mock_events
BEGIN SELECT RAISE(ABORT, 'what happened in a mock interview is never changed'); END;
CREATE TRIGGER mock_events_stay BEFORE DELETE ON mock_events
BEGIN SELECT RAISE(ABORT, 'what happened in a mock interview is never deleted'); END;
