-- Working together, reminders and mail, time spent, the previous round's answers.
ALTER TABLE round ADD COLUMN submit_rule INTEGER NOT NULL DEFAULT 0;
ALTER TABLE round ADD COLUMN previous TEXT NOT NULL DEFAULT '';
ALTER TABLE round ADD COLUMN take_over INTEGER NOT NULL DEFAULT 0;
ALTER TABLE round ADD COLUMN idle_ms INTEGER NOT NULL DEFAULT 300000;
ALTER TABLE round_institution ADD COLUMN responsible INTEGER REFERENCES person (id);
ALTER TABLE person ADD COLUMN removed_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE person ADD COLUMN invited_by INTEGER REFERENCES person (id);
ALTER TABLE person ADD COLUMN notify INTEGER NOT NULL DEFAULT 7;
ALTER TABLE response ADD COLUMN talk BIGINT NOT NULL DEFAULT 0;
ALTER TABLE response ADD COLUMN active_ms BIGINT NOT NULL DEFAULT 0;
CREATE INDEX response_time ON response (round, questionnaire, active_ms);

CREATE TABLE rival (
  response_id INTEGER NOT NULL REFERENCES response (id),
  question TEXT NOT NULL,
  row_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  state INTEGER NOT NULL,
  value TEXT,
  person_id INTEGER NOT NULL REFERENCES person (id),
  created_ms BIGINT NOT NULL,
  settled_by INTEGER REFERENCES person (id),
  settled_ms BIGINT NOT NULL,
  PRIMARY KEY (response_id, question, row_id, number)
); -- clustered

CREATE TABLE note (
  id INTEGER PRIMARY KEY, -- numbered
  response_id INTEGER NOT NULL REFERENCES response (id),
  question TEXT NOT NULL,
  row_id TEXT NOT NULL,
  text TEXT NOT NULL,
  person_id INTEGER NOT NULL REFERENCES person (id),
  created_ms BIGINT NOT NULL,
  removed_ms BIGINT NOT NULL
);
CREATE INDEX note_place ON note (response_id, question, row_id, id);

CREATE TABLE flag (
  response_id INTEGER NOT NULL REFERENCES response (id),
  question TEXT NOT NULL,
  row_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  person_id INTEGER NOT NULL REFERENCES person (id),
  raised_ms BIGINT NOT NULL,
  lowered_by INTEGER REFERENCES person (id),
  lowered_ms BIGINT NOT NULL,
  PRIMARY KEY (response_id, question, row_id, number)
); -- clustered

CREATE TABLE assignment (
  response_id INTEGER NOT NULL REFERENCES response (id),
  section TEXT NOT NULL,
  person_id INTEGER NOT NULL REFERENCES person (id),
  assigned_by INTEGER NOT NULL REFERENCES person (id),
  assigned_ms BIGINT NOT NULL,
  PRIMARY KEY (response_id, section)
); -- clustered
CREATE INDEX assignment_person ON assignment (person_id);

CREATE TABLE place (
  person_id INTEGER PRIMARY KEY REFERENCES person (id),
  response_id INTEGER NOT NULL REFERENCES response (id),
  section TEXT NOT NULL,
  question_key TEXT NOT NULL,
  changed_ms BIGINT NOT NULL
); -- clustered

CREATE TABLE sitting (
  response_id INTEGER NOT NULL REFERENCES response (id),
  person_id INTEGER NOT NULL REFERENCES person (id),
  started_ms BIGINT NOT NULL,
  section TEXT NOT NULL,
  device INTEGER NOT NULL,
  active_ms BIGINT NOT NULL,
  last_ms BIGINT NOT NULL,
  PRIMARY KEY (response_id, person_id, started_ms, section)
); -- clustered

CREATE TABLE message (
  id INTEGER PRIMARY KEY, -- numbered
  person_id INTEGER REFERENCES person (id),
  address TEXT NOT NULL,
  kind TEXT NOT NULL,
  reason TEXT NOT NULL UNIQUE,
  language TEXT NOT NULL,
  reply_to TEXT NOT NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  state INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  created_ms BIGINT NOT NULL,
  due_ms BIGINT NOT NULL,
  sent_ms BIGINT NOT NULL,
  fault TEXT NOT NULL
);
CREATE INDEX message_due ON message (state, due_ms);
CREATE INDEX message_person ON message (person_id, id);

CREATE TABLE reminder (
  id INTEGER PRIMARY KEY, -- numbered
  person_id INTEGER NOT NULL REFERENCES person (id),
  due_ms BIGINT NOT NULL,
  text TEXT NOT NULL,
  created_ms BIGINT NOT NULL,
  removed_ms BIGINT NOT NULL,
  message_id INTEGER REFERENCES message (id) -- the mail that was made of it, null before
);
CREATE INDEX reminder_person ON reminder (person_id, due_ms);
CREATE INDEX reminder_due ON reminder (due_ms) WHERE message_id IS NULL AND removed_ms = 0;

-- What a person did, newest first.
CREATE INDEX answer_person ON answer (person_id, changed_ms, response_id, question, row_id, version);
CREATE INDEX answer_past_person ON answer_past (person_id, changed_ms, response_id, question, row_id, version);
CREATE INDEX event_person ON event (person_id, happened_ms, id);
