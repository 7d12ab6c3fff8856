-- A few rows as migrations 0001 and 0002 would have had them; never edited once a release has written such stores.
INSERT INTO answers VALUES (1, 'softmax', '1', CAST('x = 1' AS BLOB), 'softmax.py', '2026-01-02T03:04:05.000006+00:00', NULL);
INSERT INTO answers VALUES (2, 'softmax', '1', CAST('x = 2' AS BLOB), 'softmax.py', '2026-01-03T03:04:05.000006+00:00', 1);
INSERT INTO verdicts VALUES (1, 'AC', 3, 3, 0.25, '0.1', '2026-01-02T03:04:06.000006+00:00', '{"verdict": "AC", "passed_levels": 3}');
INSERT INTO events VALUES (1, 'softmax', 'hint', '2026-01-01T03:04:05.000006+00:00', '{"number": 1}');
INSERT INTO settings VALUES (1, 'goals', '{"minutes_a_day": 30}', '2026-01-01T03:04:05.000006+00:00');
INSERT INTO drafts VALUES (1, 'mock 1 item 0', 0, CAST('x =' AS BLOB), '2026-01-04T03:04:05.000006+00:00');
INSERT INTO drafts VALUES (2, 'mock 1 item 0', 3, CAST(' 1' AS BLOB), '2026-01-04T03:04:06.000006+00:00');
INSERT INTO mocks VALUES (1, 'Acme', 45, 7, '[{"question": "softmax", "kind": "code", "minutes": 15}]', '2026-01-04T03:04:05.000006+00:00');
INSERT INTO mock_events VALUES (1, 1, 0, 'begun', '2026-01-04T03:04:05.000006+00:00', NULL);
