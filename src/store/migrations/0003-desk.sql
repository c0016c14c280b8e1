-- The coordinator's desk: participation, deadlines, mailings, queries, accounts, corrections.
ALTER TABLE round ADD COLUMN closed_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE round ADD COLUMN closed_by INTEGER REFERENCES person (id);
ALTER TABLE round ADD COLUMN confirm_browser INTEGER NOT NULL DEFAULT 0;
ALTER TABLE institution ADD COLUMN email TEXT NOT NULL DEFAULT '';
ALTER TABLE institution ADD COLUMN phone TEXT NOT NULL DEFAULT '';
ALTER TABLE round_institution ADD COLUMN participation INTEGER NOT NULL DEFAULT 0;
ALTER TABLE round_institution ADD COLUMN refusal TEXT NOT NULL DEFAULT '';
ALTER TABLE round_institution ADD COLUMN remark TEXT NOT NULL DEFAULT '';
ALTER TABLE round_institution ADD COLUMN first_time INTEGER NOT NULL DEFAULT 0;
ALTER TABLE round_institution ADD COLUMN joined_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE round_institution ADD COLUMN invited_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE round_institution ADD COLUMN opened_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE round_institution ADD COLUMN deadline TEXT NOT NULL DEFAULT '';
ALTER TABLE round_institution ADD COLUMN deadline_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE response ADD COLUMN complete INTEGER NOT NULL DEFAULT 0;
ALTER TABLE response ADD COLUMN disposition INTEGER NOT NULL DEFAULT 0;
-- Of responses that exist only what is certain: begun or submitted. The rest follows with their next change.
UPDATE response SET disposition = CASE status WHEN 0 THEN 0 WHEN 1 THEN 3 ELSE 5 END;
CREATE INDEX response_disposition ON response (round, questionnaire, disposition, sort_key, id);
CREATE INDEX response_progress ON response
  (round, questionnaire, (CASE WHEN required > 0 THEN answered * 1000 / required ELSE 0 END), sort_key, id);
CREATE INDEX response_changed ON response (round, questionnaire, changed_ms, sort_key, id);
CREATE INDEX response_working ON response (round, questionnaire, changed_ms) WHERE disposition IN (3, 6);
CREATE INDEX round_institution_deadline ON round_institution (round, deadline_ms) WHERE deadline_ms > 0;
CREATE TABLE tally (
  round TEXT NOT NULL REFERENCES round (id),
  questionnaire TEXT NOT NULL,
  disposition INTEGER NOT NULL,
  sector TEXT NOT NULL,
  kind TEXT NOT NULL,
  responses INTEGER NOT NULL,
  PRIMARY KEY (round, questionnaire, disposition, sector, kind)
); -- clustered
CREATE TABLE tally_hour (
  round TEXT NOT NULL REFERENCES round (id),
  questionnaire TEXT NOT NULL,
  hour BIGINT NOT NULL,
  responses INTEGER NOT NULL,
  PRIMARY KEY (round, questionnaire, hour)
); -- clustered
CREATE TABLE response_section (
  response_id INTEGER NOT NULL REFERENCES response (id),
  section TEXT NOT NULL,
  required INTEGER NOT NULL,
  answered INTEGER NOT NULL,
  PRIMARY KEY (response_id, section)
); -- clustered
CREATE TABLE tally_section (
  round TEXT NOT NULL REFERENCES round (id),
  questionnaire TEXT NOT NULL,
  section TEXT NOT NULL,
  responses INTEGER NOT NULL,
  done INTEGER NOT NULL,
  required BIGINT NOT NULL,
  answered BIGINT NOT NULL,
  PRIMARY KEY (round, questionnaire, section)
); -- clustered
INSERT INTO tally (round, questionnaire, disposition, sector, kind, responses)
  SELECT r.round, r.questionnaire, r.disposition, i.sector, i.kind, count(*)
  FROM response r JOIN institution i ON i.id = r.institution
  GROUP BY r.round, r.questionnaire, r.disposition, i.sector, i.kind;
INSERT INTO tally_hour (round, questionnaire, hour, responses)
  SELECT round, questionnaire, submitted_ms / 3600000, count(*)
  FROM response
  WHERE disposition = 5
  GROUP BY round, questionnaire, submitted_ms / 3600000;
ALTER TABLE submission ADD COLUMN partial INTEGER NOT NULL DEFAULT 0;
ALTER TABLE submission ADD COLUMN version_id INTEGER REFERENCES questionnaire_version (id);
UPDATE submission SET version_id = (SELECT version_id FROM response WHERE id = submission.response_id);
ALTER TABLE event ADD COLUMN chain TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN browser TEXT NOT NULL DEFAULT '';

-- The same address may belong to contacts of several institutions.
CREATE TABLE person_new (
  id INTEGER PRIMARY KEY, -- numbered
  email TEXT NOT NULL,
  name TEXT NOT NULL,
  phone TEXT NOT NULL,
  language TEXT NOT NULL,
  role INTEGER NOT NULL,
  institution INTEGER REFERENCES institution (id),
  created_ms BIGINT NOT NULL,
  changed_ms BIGINT NOT NULL,
  removed_ms BIGINT NOT NULL DEFAULT 0,
  invited_by INTEGER REFERENCES person (id),
  notify INTEGER NOT NULL DEFAULT 7
);
INSERT INTO person_new
  (id, email, name, phone, language, role, institution, created_ms, changed_ms, removed_ms, invited_by, notify)
  SELECT id, email, name, phone, language, role, institution, created_ms, changed_ms, removed_ms, invited_by, notify
  FROM person;
DROP TABLE person;
ALTER TABLE person_new RENAME TO person;
CREATE UNIQUE INDEX person_address ON person (email, coalesce(institution, 0));
CREATE INDEX person_institution ON person (institution);

CREATE TABLE mail_template (
  round TEXT NOT NULL REFERENCES round (id),
  kind TEXT NOT NULL,
  language TEXT NOT NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  person_id INTEGER NOT NULL REFERENCES person (id),
  changed_ms BIGINT NOT NULL,
  PRIMARY KEY (round, kind, language)
); -- clustered
CREATE TABLE reminder_rule (
  id INTEGER PRIMARY KEY, -- numbered
  round TEXT NOT NULL REFERENCES round (id),
  kind INTEGER NOT NULL,
  days INTEGER NOT NULL,
  hour INTEGER NOT NULL,
  active INTEGER NOT NULL,
  person_id INTEGER NOT NULL REFERENCES person (id),
  created_ms BIGINT NOT NULL,
  looked_day INTEGER NOT NULL,
  removed_ms BIGINT NOT NULL
);
CREATE TABLE mailing (
  id INTEGER PRIMARY KEY, -- numbered
  round TEXT NOT NULL REFERENCES round (id),
  kind TEXT NOT NULL,
  filter TEXT NOT NULL,
  rule_id INTEGER REFERENCES reminder_rule (id),
  person_id INTEGER REFERENCES person (id),
  created_ms BIGINT NOT NULL,
  due_ms BIGINT NOT NULL,
  made_ms BIGINT NOT NULL,
  removed_ms BIGINT NOT NULL,
  message_count INTEGER NOT NULL
);
CREATE INDEX mailing_due ON mailing (due_ms) WHERE made_ms = 0 AND removed_ms = 0;
CREATE TABLE nomination_link (
  token_hash TEXT PRIMARY KEY,
  round TEXT NOT NULL REFERENCES round (id),
  institution INTEGER NOT NULL REFERENCES institution (id),
  created_ms BIGINT NOT NULL,
  revoked_ms BIGINT NOT NULL
); -- clustered
CREATE INDEX nomination_link_institution ON nomination_link (institution, round);
CREATE TABLE nomination (
  id INTEGER PRIMARY KEY, -- numbered
  round TEXT NOT NULL REFERENCES round (id),
  institution INTEGER NOT NULL REFERENCES institution (id),
  name TEXT NOT NULL,
  email TEXT NOT NULL,
  phone TEXT NOT NULL,
  position_title TEXT NOT NULL,
  language TEXT NOT NULL,
  responsible INTEGER NOT NULL,
  nominated_by TEXT NOT NULL,
  created_ms BIGINT NOT NULL,
  decision INTEGER NOT NULL,
  decided_by INTEGER REFERENCES person (id),
  decided_ms BIGINT NOT NULL,
  reason TEXT NOT NULL,
  person_id INTEGER REFERENCES person (id),
  wish TEXT NOT NULL DEFAULT '',
  remark TEXT NOT NULL DEFAULT ''
);
CREATE INDEX nomination_waiting ON nomination (round, decision, id);
CREATE INDEX nomination_institution ON nomination (institution, round, id);
CREATE TABLE saved_view (
  id INTEGER PRIMARY KEY, -- numbered
  person_id INTEGER NOT NULL REFERENCES person (id),
  name TEXT NOT NULL,
  filter TEXT NOT NULL,
  created_ms BIGINT NOT NULL,
  UNIQUE (person_id, name)
);
CREATE TABLE extension (
  round TEXT NOT NULL REFERENCES round (id),
  institution INTEGER NOT NULL REFERENCES institution (id),
  number INTEGER NOT NULL,
  deadline TEXT NOT NULL,
  reason TEXT NOT NULL,
  person_id INTEGER NOT NULL REFERENCES person (id),
  created_ms BIGINT NOT NULL,
  shown INTEGER NOT NULL,
  PRIMARY KEY (round, institution, number)
); -- clustered
CREATE TABLE round_deadline (
  round TEXT NOT NULL REFERENCES round (id),
  number INTEGER NOT NULL,
  deadline TEXT NOT NULL,
  reason TEXT NOT NULL,
  person_id INTEGER NOT NULL REFERENCES person (id),
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (round, number)
); -- clustered
CREATE TABLE roster_label_past (
  response_id INTEGER NOT NULL REFERENCES response (id),
  roster TEXT NOT NULL,
  row_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  label TEXT NOT NULL,
  replaced_by INTEGER NOT NULL REFERENCES person (id),
  replaced_ms BIGINT NOT NULL,
  PRIMARY KEY (response_id, roster, row_id, number)
); -- clustered
CREATE TABLE reopening (
  response_id INTEGER NOT NULL REFERENCES response (id),
  number INTEGER NOT NULL,
  reason TEXT NOT NULL,
  person_id INTEGER NOT NULL REFERENCES person (id),
  reopened_ms BIGINT NOT NULL,
  PRIMARY KEY (response_id, number)
); -- clustered
CREATE TABLE contact_log (
  id INTEGER PRIMARY KEY, -- numbered
  round TEXT NOT NULL REFERENCES round (id),
  institution INTEGER NOT NULL REFERENCES institution (id),
  kind INTEGER NOT NULL,
  incoming INTEGER NOT NULL,
  with_whom TEXT NOT NULL,
  text TEXT NOT NULL,
  happened_ms BIGINT NOT NULL,
  person_id INTEGER NOT NULL REFERENCES person (id),
  created_ms BIGINT NOT NULL,
  removed_ms BIGINT NOT NULL
);
CREATE INDEX contact_log_institution ON contact_log (institution, round, happened_ms);
CREATE INDEX contact_log_time ON contact_log (happened_ms);
CREATE TABLE authority (
  id INTEGER PRIMARY KEY, -- numbered
  round TEXT NOT NULL REFERENCES round (id),
  institution INTEGER NOT NULL REFERENCES institution (id),
  person_id INTEGER NOT NULL REFERENCES person (id),
  given_by TEXT NOT NULL,
  document TEXT NOT NULL,
  recorded_by INTEGER NOT NULL REFERENCES person (id),
  created_ms BIGINT NOT NULL,
  ended_ms BIGINT NOT NULL,
  may_submit INTEGER NOT NULL,
  ended_by INTEGER REFERENCES person (id)
);
CREATE INDEX authority_institution ON authority (institution, round, id);
CREATE TABLE query (
  id INTEGER PRIMARY KEY, -- numbered
  response_id INTEGER NOT NULL REFERENCES response (id),
  question TEXT NOT NULL,
  row_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  origin INTEGER NOT NULL,
  reason TEXT NOT NULL,
  text TEXT NOT NULL,
  state INTEGER NOT NULL,
  person_id INTEGER REFERENCES person (id),
  created_ms BIGINT NOT NULL,
  changed_ms BIGINT NOT NULL,
  closed_by INTEGER REFERENCES person (id),
  closed_ms BIGINT NOT NULL
);
CREATE INDEX query_response ON query (response_id, question, row_id, id);
CREATE INDEX query_state ON query (state, changed_ms, id);
CREATE UNIQUE INDEX query_reason ON query (response_id, question, row_id, origin, reason) WHERE origin > 0;
CREATE TABLE query_message (
  query_id INTEGER NOT NULL REFERENCES query (id),
  number INTEGER NOT NULL,
  person_id INTEGER NOT NULL REFERENCES person (id),
  text TEXT NOT NULL,
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (query_id, number)
); -- clustered
CREATE TABLE credential (
  person_id INTEGER PRIMARY KEY REFERENCES person (id),
  password_hash TEXT NOT NULL,
  password_ms BIGINT NOT NULL,
  totp_secret TEXT NOT NULL,
  totp_ms BIGINT NOT NULL,
  totp_step BIGINT NOT NULL
); -- clustered

CREATE TABLE recovery_code (
  person_id INTEGER NOT NULL REFERENCES person (id),
  code_hash TEXT NOT NULL,
  used_ms BIGINT NOT NULL,
  PRIMARY KEY (person_id, code_hash)
); -- clustered
CREATE TABLE attempt (
  id INTEGER PRIMARY KEY, -- numbered
  limited TEXT NOT NULL,
  failed_ms BIGINT NOT NULL
);
CREATE INDEX attempt_limited ON attempt (limited, failed_ms);
CREATE TABLE browser (
  token_hash TEXT NOT NULL,
  person_id INTEGER NOT NULL REFERENCES person (id),
  confirmed_ms BIGINT NOT NULL,
  PRIMARY KEY (token_hash, person_id)
); -- clustered
CREATE TABLE one_time_code (
  person_id INTEGER PRIMARY KEY REFERENCES person (id),
  code_hash TEXT NOT NULL,
  browser_hash TEXT NOT NULL,
  created_ms BIGINT NOT NULL,
  wrong INTEGER NOT NULL
); -- clustered
CREATE TABLE correction (
  id INTEGER PRIMARY KEY, -- numbered
  round TEXT NOT NULL REFERENCES round (id),
  questionnaire TEXT NOT NULL,
  old_version INTEGER NOT NULL REFERENCES questionnaire_version (id),
  new_version INTEGER NOT NULL REFERENCES questionnaire_version (id),
  note TEXT NOT NULL,
  person_id INTEGER REFERENCES person (id),
  created_ms BIGINT NOT NULL
);
CREATE TABLE misfit (
  correction_id INTEGER NOT NULL REFERENCES correction (id),
  response_id INTEGER NOT NULL REFERENCES response (id),
  question TEXT NOT NULL,
  row_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  fault TEXT NOT NULL,
  settled_ms BIGINT NOT NULL,
  PRIMARY KEY (correction_id, response_id, question, row_id)
); -- clustered
CREATE INDEX misfit_response ON misfit (response_id, settled_ms);

ALTER TABLE message ADD COLUMN round TEXT REFERENCES round (id);
ALTER TABLE message ADD COLUMN institution INTEGER REFERENCES institution (id);
ALTER TABLE message ADD COLUMN mailing_id INTEGER REFERENCES mailing (id);
ALTER TABLE message ADD COLUMN bounced_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE message ADD COLUMN bounce TEXT NOT NULL DEFAULT '';
CREATE INDEX message_institution ON message (institution, id);
CREATE INDEX message_mailing ON message (mailing_id, id);
CREATE INDEX message_alone ON message (due_ms, id) WHERE state = 0 AND mailing_id IS NULL;
