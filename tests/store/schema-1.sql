-- The tables of version 1, for the test that migrates them.
CREATE TABLE meta (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

CREATE TABLE questionnaire_version (
  id INTEGER PRIMARY KEY, -- numbered
  questionnaire TEXT NOT NULL,
  version TEXT NOT NULL,
  hash TEXT NOT NULL UNIQUE,
  source TEXT NOT NULL,
  published_ms BIGINT NOT NULL
);

CREATE TABLE round (
  id TEXT PRIMARY KEY,
  opens TEXT NOT NULL,
  deadline TEXT NOT NULL,
  deadline_ms BIGINT NOT NULL,
  help_phone TEXT NOT NULL,
  help_email TEXT NOT NULL,
  created_ms BIGINT NOT NULL
);

CREATE TABLE round_title (
  round TEXT NOT NULL REFERENCES round (id),
  language TEXT NOT NULL,
  title TEXT NOT NULL,
  PRIMARY KEY (round, language)
); -- clustered

CREATE TABLE round_questionnaire (
  round TEXT NOT NULL REFERENCES round (id),
  questionnaire TEXT NOT NULL,
  version_id INTEGER NOT NULL REFERENCES questionnaire_version (id),
  filled_by INTEGER NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (round, questionnaire)
); -- clustered

CREATE TABLE segment (
  id TEXT NOT NULL,
  language TEXT NOT NULL,
  title TEXT NOT NULL,
  PRIMARY KEY (id, language)
); -- clustered

CREATE TABLE institution (
  id INTEGER PRIMARY KEY, -- numbered
  registration_number TEXT UNIQUE,
  name TEXT NOT NULL,
  abbreviation TEXT NOT NULL,
  kind TEXT NOT NULL,
  sector TEXT NOT NULL,
  segments TEXT NOT NULL,
  sort_key TEXT NOT NULL,
  search_text TEXT NOT NULL
);
CREATE INDEX institution_name ON institution (name);

CREATE TABLE round_institution (
  round TEXT NOT NULL REFERENCES round (id),
  institution INTEGER NOT NULL REFERENCES institution (id),
  status TEXT NOT NULL,
  comment TEXT NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (round, institution)
); -- clustered

CREATE TABLE person (
  id INTEGER PRIMARY KEY, -- numbered
  email TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  phone TEXT NOT NULL,
  language TEXT NOT NULL,
  role INTEGER NOT NULL,
  institution INTEGER REFERENCES institution (id),
  created_ms BIGINT NOT NULL,
  changed_ms BIGINT NOT NULL
);
CREATE INDEX person_institution ON person (institution);

CREATE TABLE link (
  token_hash TEXT PRIMARY KEY,
  person INTEGER NOT NULL REFERENCES person (id),
  created_ms BIGINT NOT NULL,
  revoked_ms BIGINT NOT NULL
); -- clustered
CREATE INDEX link_person ON link (person);

CREATE TABLE session (
  token_hash TEXT PRIMARY KEY,
  person INTEGER NOT NULL REFERENCES person (id),
  created_ms BIGINT NOT NULL,
  used_ms BIGINT NOT NULL
); -- clustered
CREATE INDEX session_used ON session (used_ms);

CREATE TABLE response (
  id INTEGER PRIMARY KEY, -- numbered
  round TEXT NOT NULL REFERENCES round (id),
  questionnaire TEXT NOT NULL,
  institution INTEGER NOT NULL REFERENCES institution (id),
  version_id INTEGER NOT NULL REFERENCES questionnaire_version (id),
  status INTEGER NOT NULL,
  revision BIGINT NOT NULL,
  required INTEGER NOT NULL,
  answered INTEGER NOT NULL,
  opened_ms BIGINT NOT NULL,
  changed_ms BIGINT NOT NULL,
  submitted_ms BIGINT NOT NULL,
  submitted_by INTEGER REFERENCES person (id),
  receipt TEXT NOT NULL,
  sort_key TEXT NOT NULL,
  UNIQUE (round, questionnaire, institution)
);
CREATE INDEX response_institution ON response (institution);
CREATE INDEX response_scan ON response (round, questionnaire, id);
CREATE INDEX response_list ON response (round, questionnaire, sort_key, id);
CREATE INDEX response_status_list ON response (round, questionnaire, status, sort_key, id);

CREATE TABLE answer (
  response_id INTEGER NOT NULL REFERENCES response (id),
  question TEXT NOT NULL,
  row_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  state INTEGER NOT NULL,
  value TEXT,
  person_id INTEGER NOT NULL REFERENCES person (id),
  changed_ms BIGINT NOT NULL,
  PRIMARY KEY (response_id, question, row_id)
); -- clustered

CREATE TABLE answer_past (
  response_id INTEGER NOT NULL REFERENCES response (id),
  question TEXT NOT NULL,
  row_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  state INTEGER NOT NULL,
  value TEXT,
  person_id INTEGER NOT NULL REFERENCES person (id),
  changed_ms BIGINT NOT NULL,
  PRIMARY KEY (response_id, question, row_id, version)
); -- clustered

CREATE TABLE roster_row (
  response_id INTEGER NOT NULL REFERENCES response (id),
  roster TEXT NOT NULL,
  row_id TEXT NOT NULL,
  label TEXT NOT NULL,
  position INTEGER NOT NULL,
  person_id INTEGER NOT NULL REFERENCES person (id),
  created_ms BIGINT NOT NULL,
  removed_ms BIGINT NOT NULL,
  PRIMARY KEY (response_id, roster, row_id)
); -- clustered

CREATE TABLE confirmation (
  response_id INTEGER NOT NULL REFERENCES response (id),
  check_key TEXT NOT NULL,
  row_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  message TEXT NOT NULL,
  comment TEXT NOT NULL,
  person_id INTEGER NOT NULL REFERENCES person (id),
  changed_ms BIGINT NOT NULL,
  PRIMARY KEY (response_id, check_key, row_id, number)
); -- clustered

CREATE TABLE submission (
  response_id INTEGER NOT NULL REFERENCES response (id),
  number INTEGER NOT NULL,
  revision BIGINT NOT NULL,
  person_id INTEGER NOT NULL REFERENCES person (id),
  submitted_ms BIGINT NOT NULL,
  checksum TEXT NOT NULL,
  PRIMARY KEY (response_id, number)
); -- clustered

CREATE TABLE event (
  id INTEGER PRIMARY KEY, -- numbered
  happened_ms BIGINT NOT NULL,
  person_id INTEGER REFERENCES person (id),
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail TEXT NOT NULL
);
CREATE INDEX event_subject ON event (subject, id);
