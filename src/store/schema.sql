-- The data of anketa: every table and column.
--
-- The text is read by SQLite and by PostgreSQL alike. Two markers say what they do differently:
--   "); -- clustered"             rows lie in the order of the primary key (SQLite: WITHOUT ROWID)
--   "INTEGER PRIMARY KEY, -- numbered"  the database numbers the rows (SQLite: as it stands; PostgreSQL: BIGINT, identity)
-- Columns ending in _ms are milliseconds since 1970-01-01T00:00:00Z, 0 when it has not happened.
-- This is the newest state. A change comes as src/store/migrations/NNNN-name.sql, which takes a database from version
-- NNNN - 1 to NNNN, and is made here too; the first is 0002.

-- Facts about this database itself.
CREATE TABLE meta (
  name TEXT PRIMARY KEY, -- schema_version; mail_secret: what Message-IDs are made with
  value TEXT NOT NULL
);

-- A published questionnaire; never changed afterwards.
CREATE TABLE questionnaire_version (
  id INTEGER PRIMARY KEY, -- numbered
  questionnaire TEXT NOT NULL, -- its id, the same in all versions
  version TEXT NOT NULL, -- as its author calls it
  hash TEXT NOT NULL UNIQUE, -- of source
  source TEXT NOT NULL, -- the YAML text
  published_ms BIGINT NOT NULL
);

-- A round: certain questionnaires, asked of certain institutions, between two days.
CREATE TABLE round (
  id TEXT PRIMARY KEY,
  opens TEXT NOT NULL, -- first day, 2017-11-06
  deadline TEXT NOT NULL, -- last day
  deadline_ms BIGINT NOT NULL, -- the end of the last day, in Riga
  help_phone TEXT NOT NULL, -- of the coordinator, '' when there is none
  help_email TEXT NOT NULL,
  created_ms BIGINT NOT NULL,
  submit_rule INTEGER NOT NULL DEFAULT 0, -- who submits: 0 any contact of the institution, 1 the responsible one
  previous TEXT NOT NULL DEFAULT '', -- the round whose answers are shown beside the fields, '' when there is none
  take_over INTEGER NOT NULL DEFAULT 0, -- 1: an answer of the previous round may be taken over
  idle_ms INTEGER NOT NULL DEFAULT 300000 -- time after the last activity that still counts as time spent
);

CREATE TABLE round_title (
  round TEXT NOT NULL REFERENCES round (id),
  language TEXT NOT NULL, -- lv, en, ru
  title TEXT NOT NULL,
  PRIMARY KEY (round, language)
); -- clustered

-- The questionnaires of a round.
CREATE TABLE round_questionnaire (
  round TEXT NOT NULL REFERENCES round (id),
  questionnaire TEXT NOT NULL,
  version_id INTEGER NOT NULL REFERENCES questionnaire_version (id), -- for responses that are opened from now on
  filled_by INTEGER NOT NULL, -- 0 contact, 1 expert, 2 automatic
  position INTEGER NOT NULL, -- order within the round, from 0
  PRIMARY KEY (round, questionnaire)
); -- clustered

-- What institutions are grouped by in reports: mass, business, …
CREATE TABLE segment (
  id TEXT NOT NULL,
  language TEXT NOT NULL,
  title TEXT NOT NULL,
  PRIMARY KEY (id, language)
); -- clustered

CREATE TABLE institution (
  id INTEGER PRIMARY KEY, -- numbered
  registration_number TEXT UNIQUE, -- null when it has none; then its name tells it from the others
  name TEXT NOT NULL,
  abbreviation TEXT NOT NULL, -- '' when there is none
  kind TEXT NOT NULL, -- ministry, institution, …
  sector TEXT NOT NULL,
  segments TEXT NOT NULL, -- ids, in the order of the file, joined with ';'
  sort_key TEXT NOT NULL, -- of the name, in Latvian order, in hexadecimal
  search_text TEXT NOT NULL -- name and abbreviation in small letters without diacritics
);
CREATE INDEX institution_name ON institution (name);

-- Who is asked in a round.
CREATE TABLE round_institution (
  round TEXT NOT NULL REFERENCES round (id),
  institution INTEGER NOT NULL REFERENCES institution (id),
  status TEXT NOT NULL, -- its disposition in words, as the sample frame gives it
  comment TEXT NOT NULL,
  position INTEGER NOT NULL, -- in the sample frame, from 0
  responsible INTEGER REFERENCES person (id), -- the contact who answers for the responses, null: nobody was named
  PRIMARY KEY (round, institution)
); -- clustered

CREATE TABLE person (
  id INTEGER PRIMARY KEY, -- numbered
  email TEXT NOT NULL UNIQUE, -- in small letters
  name TEXT NOT NULL,
  phone TEXT NOT NULL,
  language TEXT NOT NULL, -- of pages and mail: lv, en, ru
  role INTEGER NOT NULL, -- enum role of survey/survey.h
  institution INTEGER REFERENCES institution (id), -- null for staff
  created_ms BIGINT NOT NULL,
  changed_ms BIGINT NOT NULL,
  removed_ms BIGINT NOT NULL DEFAULT 0, -- may not sign in any more; what they did stays
  invited_by INTEGER REFERENCES person (id), -- the contact who invited them, null: staff or the command line
  notify INTEGER NOT NULL DEFAULT 7 -- mail they want: 1 a section was given to them, 2 notes of colleagues, 4 reminders
);
CREATE INDEX person_institution ON person (institution);

-- A personal link; the token itself is known to its owner alone.
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
  used_ms BIGINT NOT NULL -- last use, to about ten minutes
); -- clustered
CREATE INDEX session_used ON session (used_ms);

-- An institution's response to a questionnaire of a round: there from the start, one for each.
CREATE TABLE response (
  id INTEGER PRIMARY KEY, -- numbered
  round TEXT NOT NULL REFERENCES round (id),
  questionnaire TEXT NOT NULL,
  institution INTEGER NOT NULL REFERENCES institution (id),
  version_id INTEGER NOT NULL REFERENCES questionnaire_version (id),
  status INTEGER NOT NULL, -- 0 new, 1 started, 2 submitted
  revision BIGINT NOT NULL, -- grows with every change
  required INTEGER NOT NULL, -- questions that apply and must be answered
  answered INTEGER NOT NULL, -- of these, answered ones
  opened_ms BIGINT NOT NULL, -- first answer
  changed_ms BIGINT NOT NULL, -- last change
  submitted_ms BIGINT NOT NULL,
  submitted_by INTEGER REFERENCES person (id),
  receipt TEXT NOT NULL, -- '' before it is submitted
  sort_key TEXT NOT NULL, -- the institution's, so that a page of the list is a walk along an index
  talk BIGINT NOT NULL DEFAULT 0, -- grows with every note, flag, assignment and rival, which leave the revision as it is
  active_ms BIGINT NOT NULL DEFAULT 0, -- time spent: the sum of its sittings
  UNIQUE (round, questionnaire, institution)
);
CREATE INDEX response_institution ON response (institution);
CREATE INDEX response_scan ON response (round, questionnaire, id);
CREATE INDEX response_list ON response (round, questionnaire, sort_key, id);
CREATE INDEX response_status_list ON response (round, questionnaire, status, sort_key, id);
CREATE INDEX response_time ON response (round, questionnaire, active_ms);

-- The answers as they are now.
CREATE TABLE answer (
  response_id INTEGER NOT NULL REFERENCES response (id),
  question TEXT NOT NULL, -- id
  row_id TEXT NOT NULL, -- of the roster, '' outside rosters
  version INTEGER NOT NULL, -- counts the changes from 1
  state INTEGER NOT NULL, -- 0 cleared, 1 value, 2 not applicable, 3 no data, 4 invalid
  value TEXT, -- state 1: stored form of form/response.h; state 4: as it was typed; else null
  person_id INTEGER NOT NULL REFERENCES person (id), -- who made this version
  changed_ms BIGINT NOT NULL,
  PRIMARY KEY (response_id, question, row_id)
); -- clustered
CREATE INDEX answer_person ON answer (person_id, changed_ms, response_id, question, row_id, version);

-- The versions that were replaced; with answer, the history of every answer.
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
CREATE INDEX answer_past_person ON answer_past (person_id, changed_ms, response_id, question, row_id, version);

-- Answers that came too late: somebody else had changed the answer since the page showed it. Both values are shown until
-- one is chosen.
CREATE TABLE rival (
  response_id INTEGER NOT NULL REFERENCES response (id),
  question TEXT NOT NULL,
  row_id TEXT NOT NULL, -- '' outside rosters
  number INTEGER NOT NULL, -- from 1
  state INTEGER NOT NULL, -- as in answer
  value TEXT,
  person_id INTEGER NOT NULL REFERENCES person (id), -- whose value it is
  created_ms BIGINT NOT NULL,
  settled_by INTEGER REFERENCES person (id),
  settled_ms BIGINT NOT NULL, -- 0: nobody has chosen yet
  PRIMARY KEY (response_id, question, row_id, number)
); -- clustered

CREATE TABLE roster_row (
  response_id INTEGER NOT NULL REFERENCES response (id),
  roster TEXT NOT NULL, -- id
  row_id TEXT NOT NULL, -- never used twice within a roster
  label TEXT NOT NULL, -- what people call the row
  position INTEGER NOT NULL, -- grows with every new row
  person_id INTEGER NOT NULL REFERENCES person (id), -- who added it
  created_ms BIGINT NOT NULL,
  removed_ms BIGINT NOT NULL, -- its answers stay
  PRIMARY KEY (response_id, roster, row_id)
); -- clustered

-- Soft checks that somebody confirmed. The last one of a check and row counts, as long as its message is still true.
CREATE TABLE confirmation (
  response_id INTEGER NOT NULL REFERENCES response (id),
  check_key TEXT NOT NULL, -- of the form's check
  row_id TEXT NOT NULL, -- '' outside rosters
  number INTEGER NOT NULL, -- from 1
  message TEXT NOT NULL, -- what was confirmed, figures included, in the questionnaire's first language
  comment TEXT NOT NULL, -- why it is right all the same
  person_id INTEGER NOT NULL REFERENCES person (id),
  changed_ms BIGINT NOT NULL,
  PRIMARY KEY (response_id, check_key, row_id, number)
); -- clustered

CREATE TABLE submission (
  response_id INTEGER NOT NULL REFERENCES response (id),
  number INTEGER NOT NULL, -- from 1; grows when a response is reopened and submitted again
  revision BIGINT NOT NULL, -- of the response that was submitted
  person_id INTEGER NOT NULL REFERENCES person (id),
  submitted_ms BIGINT NOT NULL,
  checksum TEXT NOT NULL, -- of the answers, see survey/checksum.h
  PRIMARY KEY (response_id, number)
); -- clustered

-- What colleagues say to each other about a question.
CREATE TABLE note (
  id INTEGER PRIMARY KEY, -- numbered
  response_id INTEGER NOT NULL REFERENCES response (id),
  question TEXT NOT NULL,
  row_id TEXT NOT NULL, -- '' outside rosters
  text TEXT NOT NULL,
  person_id INTEGER NOT NULL REFERENCES person (id),
  created_ms BIGINT NOT NULL,
  removed_ms BIGINT NOT NULL -- taken back by who wrote it; the text stays
);
CREATE INDEX note_place ON note (response_id, question, row_id, id);

-- Questions marked "to be checked". The last one of a place counts; it is up while lowered_ms is 0.
CREATE TABLE flag (
  response_id INTEGER NOT NULL REFERENCES response (id),
  question TEXT NOT NULL,
  row_id TEXT NOT NULL,
  number INTEGER NOT NULL, -- from 1
  person_id INTEGER NOT NULL REFERENCES person (id),
  raised_ms BIGINT NOT NULL,
  lowered_by INTEGER REFERENCES person (id),
  lowered_ms BIGINT NOT NULL,
  PRIMARY KEY (response_id, question, row_id, number)
); -- clustered

-- Sections given to one of the colleagues.
CREATE TABLE assignment (
  response_id INTEGER NOT NULL REFERENCES response (id),
  section TEXT NOT NULL, -- id
  person_id INTEGER NOT NULL REFERENCES person (id),
  assigned_by INTEGER NOT NULL REFERENCES person (id),
  assigned_ms BIGINT NOT NULL,
  PRIMARY KEY (response_id, section)
); -- clustered
CREATE INDEX assignment_person ON assignment (person_id);

-- Where a person worked last, so that signing in leads back there.
CREATE TABLE place (
  person_id INTEGER PRIMARY KEY REFERENCES person (id),
  response_id INTEGER NOT NULL REFERENCES response (id),
  section TEXT NOT NULL, -- id
  question_key TEXT NOT NULL, -- the field they were in: K13M, P52:r1, '' when in none
  changed_ms BIGINT NOT NULL
); -- clustered

-- Paradata: how long somebody was active in a section during one sitting. Idle time is not counted.
CREATE TABLE sitting (
  response_id INTEGER NOT NULL REFERENCES response (id),
  person_id INTEGER NOT NULL REFERENCES person (id),
  started_ms BIGINT NOT NULL, -- of the sitting, the same in all of its sections
  section TEXT NOT NULL, -- id
  device INTEGER NOT NULL, -- 0 unknown, 1 computer, 2 tablet, 3 phone
  active_ms BIGINT NOT NULL,
  last_ms BIGINT NOT NULL, -- last activity
  PRIMARY KEY (response_id, person_id, started_ms, section)
); -- clustered

-- The outbox. A message is made once for each reason; what became of it is kept.
CREATE TABLE message (
  id INTEGER PRIMARY KEY, -- numbered
  person_id INTEGER REFERENCES person (id), -- to whom, null: an address that is nobody's
  address TEXT NOT NULL, -- as it was when the message was made
  kind TEXT NOT NULL, -- invitation, reminder, assignment, note, …
  reason TEXT NOT NULL UNIQUE, -- what it is sent for, so that nothing is sent twice: reminder 17
  language TEXT NOT NULL,
  reply_to TEXT NOT NULL, -- the round's help address, ''
  subject TEXT NOT NULL,
  body TEXT NOT NULL, -- plain text, as mail/text.h says: {link} is a personal link, which is made when it is sent
  state INTEGER NOT NULL, -- 0 waiting, 1 being sent, 2 sent, 3 given up, 4 called off
  attempts INTEGER NOT NULL,
  created_ms BIGINT NOT NULL,
  due_ms BIGINT NOT NULL, -- not before; moves on after a failed attempt
  sent_ms BIGINT NOT NULL,
  fault TEXT NOT NULL -- of the last attempt, ''
);
CREATE INDEX message_due ON message (state, due_ms);
CREATE INDEX message_person ON message (person_id, id);

-- Mail a person has asked for themselves.
CREATE TABLE reminder (
  id INTEGER PRIMARY KEY, -- numbered
  person_id INTEGER NOT NULL REFERENCES person (id),
  due_ms BIGINT NOT NULL,
  text TEXT NOT NULL, -- '' when they wrote nothing
  created_ms BIGINT NOT NULL,
  removed_ms BIGINT NOT NULL,
  message_id INTEGER REFERENCES message (id) -- the mail that was made of it, null before
);
CREATE INDEX reminder_person ON reminder (person_id, due_ms);
CREATE INDEX reminder_due ON reminder (due_ms) WHERE message_id IS NULL AND removed_ms = 0;

-- What happened; only ever added to.
CREATE TABLE event (
  id INTEGER PRIMARY KEY, -- numbered
  happened_ms BIGINT NOT NULL,
  person_id INTEGER REFERENCES person (id), -- null: the command line
  kind TEXT NOT NULL, -- sign-in, submit, person, link, row-add, …
  subject TEXT NOT NULL, -- what it is about: response 17, person 4, round e-index-2017
  detail TEXT NOT NULL
);
CREATE INDEX event_subject ON event (subject, id);
CREATE INDEX event_person ON event (person_id, happened_ms, id);
