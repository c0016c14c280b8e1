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
  name TEXT PRIMARY KEY, -- schema_version; mail_secret: what Message-IDs are made with; query_event: the last submission that rules looked at
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
  idle_ms INTEGER NOT NULL DEFAULT 300000, -- time after the last activity that still counts as time spent
  closed_ms BIGINT NOT NULL DEFAULT 0, -- nobody changes a response any more; what was not submitted is frozen as partial
  closed_by INTEGER REFERENCES person (id),
  confirm_browser INTEGER NOT NULL DEFAULT 0 -- 1: a contact's new browser is confirmed by a code sent to their address
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
  search_text TEXT NOT NULL, -- name and abbreviation in small letters without diacritics
  email TEXT NOT NULL DEFAULT '', -- its official address, where letters go, '' when not known
  phone TEXT NOT NULL DEFAULT ''
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
  participation INTEGER NOT NULL DEFAULT 0, -- 0 takes part, 1 does not
  refusal TEXT NOT NULL DEFAULT '', -- why it does not: no_contact, no_answer, no_resources, refused, merged, other
  remark TEXT NOT NULL DEFAULT '', -- of the coordinator, about its part in the round
  first_time INTEGER NOT NULL DEFAULT 0, -- 1: had not been asked in any round before
  joined_ms BIGINT NOT NULL DEFAULT 0, -- when it was included late, 0: from the start
  invited_ms BIGINT NOT NULL DEFAULT 0, -- the first invitation of one of its contacts
  opened_ms BIGINT NOT NULL DEFAULT 0, -- the first time one of its contacts signed in after that
  deadline TEXT NOT NULL DEFAULT '', -- its own last day, 2017-12-13, '': the round's
  deadline_ms BIGINT NOT NULL DEFAULT 0, -- the end of that day, 0
  PRIMARY KEY (round, institution)
); -- clustered

CREATE TABLE person (
  id INTEGER PRIMARY KEY, -- numbered
  email TEXT NOT NULL, -- in small letters; contacts of several institutions may share one
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
CREATE UNIQUE INDEX person_address ON person (email, coalesce(institution, 0));
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
  used_ms BIGINT NOT NULL, -- last use, to about ten minutes
  browser TEXT NOT NULL DEFAULT '' -- in words: Firefox, Windows; '' when not known
); -- clustered
CREATE INDEX session_used ON session (used_ms);

-- An institution's response to a questionnaire of a round: there from the start, one for each.
CREATE TABLE response (
  id INTEGER PRIMARY KEY, -- numbered
  round TEXT NOT NULL REFERENCES round (id),
  questionnaire TEXT NOT NULL,
  institution INTEGER NOT NULL REFERENCES institution (id),
  version_id INTEGER NOT NULL REFERENCES questionnaire_version (id),
  status INTEGER NOT NULL, -- 0 new, 1 started, 2 submitted, 3 reopened (to be changed again), 4 partial (frozen at closing)
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
  complete INTEGER NOT NULL DEFAULT 0, -- 1: nothing stands in the way of submitting
  disposition INTEGER NOT NULL DEFAULT 0, -- where it stands for a coordinator, see survey/disposition.h
  UNIQUE (round, questionnaire, institution)
);
CREATE INDEX response_institution ON response (institution);
CREATE INDEX response_scan ON response (round, questionnaire, id);
CREATE INDEX response_list ON response (round, questionnaire, sort_key, id);
CREATE INDEX response_status_list ON response (round, questionnaire, status, sort_key, id);
CREATE INDEX response_disposition ON response (round, questionnaire, disposition, sort_key, id);
CREATE INDEX response_progress ON response
  (round, questionnaire, (CASE WHEN required > 0 THEN answered * 1000 / required ELSE 0 END), sort_key, id);
CREATE INDEX response_changed ON response (round, questionnaire, changed_ms, sort_key, id);
CREATE INDEX response_working ON response (round, questionnaire, changed_ms) WHERE disposition IN (3, 6);
CREATE INDEX round_institution_deadline ON round_institution (round, deadline_ms) WHERE deadline_ms > 0;
CREATE INDEX response_time ON response (round, questionnaire, active_ms);

-- Responses that stand alike, counted; kept with every change, see store/tally.h. So is what follows.
CREATE TABLE tally (
  round TEXT NOT NULL REFERENCES round (id),
  questionnaire TEXT NOT NULL,
  disposition INTEGER NOT NULL,
  sector TEXT NOT NULL, -- of the institution
  kind TEXT NOT NULL,
  responses INTEGER NOT NULL,
  PRIMARY KEY (round, questionnaire, disposition, sector, kind)
); -- clustered

-- What stands submitted, by the hour of its submission.
CREATE TABLE tally_hour (
  round TEXT NOT NULL REFERENCES round (id),
  questionnaire TEXT NOT NULL,
  hour BIGINT NOT NULL, -- since 1970, UTC
  responses INTEGER NOT NULL,
  PRIMARY KEY (round, questionnaire, hour)
); -- clustered

-- How far each section of a response is, since its first change.
CREATE TABLE response_section (
  response_id INTEGER NOT NULL REFERENCES response (id),
  section TEXT NOT NULL, -- id
  required INTEGER NOT NULL, -- as in response
  answered INTEGER NOT NULL,
  PRIMARY KEY (response_id, section)
); -- clustered

-- The same of all responses in progress.
CREATE TABLE tally_section (
  round TEXT NOT NULL REFERENCES round (id),
  questionnaire TEXT NOT NULL,
  section TEXT NOT NULL,
  responses INTEGER NOT NULL,
  done INTEGER NOT NULL, -- of these, those that have answered all that is required
  required BIGINT NOT NULL,
  answered BIGINT NOT NULL,
  PRIMARY KEY (round, questionnaire, section)
); -- clustered

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

-- Names of roster rows that were replaced by others; with roster_row, what a row was called at any time.
CREATE TABLE roster_label_past (
  response_id INTEGER NOT NULL REFERENCES response (id),
  roster TEXT NOT NULL, -- id
  row_id TEXT NOT NULL,
  number INTEGER NOT NULL, -- from 1
  label TEXT NOT NULL,
  replaced_by INTEGER NOT NULL REFERENCES person (id), -- who
  replaced_ms BIGINT NOT NULL,
  PRIMARY KEY (response_id, roster, row_id, number)
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
  partial INTEGER NOT NULL DEFAULT 0, -- 1: nobody submitted it, it was frozen when the round was closed
  version_id INTEGER REFERENCES questionnaire_version (id), -- the questionnaire that it was given on
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

-- A coordinator's own words in place of the built-in ones of templates/mail.
CREATE TABLE mail_template (
  round TEXT NOT NULL REFERENCES round (id),
  kind TEXT NOT NULL, -- as in message
  language TEXT NOT NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  person_id INTEGER NOT NULL REFERENCES person (id),
  changed_ms BIGINT NOT NULL,
  PRIMARY KEY (round, kind, language)
); -- clustered

-- When institutions are reminded without anybody pressing a button.
CREATE TABLE reminder_rule (
  id INTEGER PRIMARY KEY, -- numbered
  round TEXT NOT NULL REFERENCES round (id),
  kind INTEGER NOT NULL, -- 0 days before the deadline, 1 no sign-in for days, 2 started but idle for days, 3 not submitted, days after the deadline
  days INTEGER NOT NULL,
  hour INTEGER NOT NULL, -- of the day in Riga at which it looks
  active INTEGER NOT NULL,
  person_id INTEGER NOT NULL REFERENCES person (id),
  created_ms BIGINT NOT NULL,
  looked_day INTEGER NOT NULL, -- the last day it looked, days since 1970-01-01 in Riga, 0: never
  removed_ms BIGINT NOT NULL
);

-- One sending to many: whom it was for, and the messages that came of it.
CREATE TABLE mailing (
  id INTEGER PRIMARY KEY, -- numbered
  round TEXT NOT NULL REFERENCES round (id),
  kind TEXT NOT NULL, -- of its messages
  filter TEXT NOT NULL, -- of the list it went to, as the query of the list's address
  rule_id INTEGER REFERENCES reminder_rule (id), -- the rule that made it, null: a person did
  person_id INTEGER REFERENCES person (id), -- who made it, null: a rule
  created_ms BIGINT NOT NULL,
  due_ms BIGINT NOT NULL, -- not before
  made_ms BIGINT NOT NULL, -- when its messages were put into the outbox, 0: not yet
  removed_ms BIGINT NOT NULL, -- called off before that
  message_count INTEGER NOT NULL -- made
);
CREATE INDEX mailing_due ON mailing (due_ms) WHERE made_ms = 0 AND removed_ms = 0;

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
  fault TEXT NOT NULL, -- of the last attempt, ''
  round TEXT REFERENCES round (id), -- what it is about; null: nothing in particular
  institution INTEGER REFERENCES institution (id),
  mailing_id INTEGER REFERENCES mailing (id), -- the coordinator's mailing it belongs to, null
  bounced_ms BIGINT NOT NULL DEFAULT 0, -- it came back; 0
  bounce TEXT NOT NULL DEFAULT '' -- what the returned mail said
);
CREATE INDEX message_institution ON message (institution, id);
CREATE INDEX message_mailing ON message (mailing_id, id);
CREATE INDEX message_due ON message (state, due_ms);
CREATE INDEX message_alone ON message (due_ms, id) WHERE state = 0 AND mailing_id IS NULL; -- these go before a mailing's
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

-- An institution's page for naming its contacts; the token is in the letter alone.
CREATE TABLE nomination_link (
  token_hash TEXT PRIMARY KEY,
  round TEXT NOT NULL REFERENCES round (id),
  institution INTEGER NOT NULL REFERENCES institution (id),
  created_ms BIGINT NOT NULL,
  revoked_ms BIGINT NOT NULL
); -- clustered
CREATE INDEX nomination_link_institution ON nomination_link (institution, round);

-- Somebody whom an institution names as its contact, until a coordinator decides.
CREATE TABLE nomination (
  id INTEGER PRIMARY KEY, -- numbered
  round TEXT NOT NULL REFERENCES round (id),
  institution INTEGER NOT NULL REFERENCES institution (id),
  name TEXT NOT NULL,
  email TEXT NOT NULL, -- in small letters
  phone TEXT NOT NULL,
  position_title TEXT NOT NULL, -- what they are at the institution, ''
  language TEXT NOT NULL,
  responsible INTEGER NOT NULL, -- 1: is to answer for the responses
  nominated_by TEXT NOT NULL, -- who filled in the page, as they wrote it
  created_ms BIGINT NOT NULL,
  decision INTEGER NOT NULL, -- 0 waiting, 1 approved, 2 refused, 3 taken back by the institution
  decided_by INTEGER REFERENCES person (id),
  decided_ms BIGINT NOT NULL,
  reason TEXT NOT NULL, -- of a refusal, ''
  person_id INTEGER REFERENCES person (id), -- who it became
  wish TEXT NOT NULL DEFAULT '', -- why the institution wishes to take no part, as round_institution.refusal; '': a contact is named
  remark TEXT NOT NULL DEFAULT '' -- of such a wish
);
CREATE INDEX nomination_waiting ON nomination (round, decision, id);
CREATE INDEX nomination_institution ON nomination (institution, round, id);

-- A list that a coordinator comes back to.
CREATE TABLE saved_view (
  id INTEGER PRIMARY KEY, -- numbered
  person_id INTEGER NOT NULL REFERENCES person (id),
  name TEXT NOT NULL,
  filter TEXT NOT NULL, -- the query of the list's address
  created_ms BIGINT NOT NULL,
  UNIQUE (person_id, name)
);

-- More time for an institution. The last one counts; deadline '' takes it back.
CREATE TABLE extension (
  round TEXT NOT NULL REFERENCES round (id),
  institution INTEGER NOT NULL REFERENCES institution (id),
  number INTEGER NOT NULL, -- from 1
  deadline TEXT NOT NULL, -- the new last day, '' the round's
  reason TEXT NOT NULL,
  person_id INTEGER NOT NULL REFERENCES person (id),
  created_ms BIGINT NOT NULL,
  shown INTEGER NOT NULL, -- 1: the institution reads the reason too
  PRIMARY KEY (round, institution, number)
); -- clustered

-- A last day of the whole round that replaced the one before it. The last one counts, also when the round is loaded anew.
CREATE TABLE round_deadline (
  round TEXT NOT NULL REFERENCES round (id),
  number INTEGER NOT NULL, -- from 1
  deadline TEXT NOT NULL,
  reason TEXT NOT NULL,
  person_id INTEGER NOT NULL REFERENCES person (id),
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (round, number)
); -- clustered

-- A submitted response that was given back to be changed; the answers of the submission before it are those up to its time.
CREATE TABLE reopening (
  response_id INTEGER NOT NULL REFERENCES response (id),
  number INTEGER NOT NULL, -- of the submission it undoes
  reason TEXT NOT NULL,
  person_id INTEGER NOT NULL REFERENCES person (id),
  reopened_ms BIGINT NOT NULL,
  PRIMARY KEY (response_id, number)
); -- clustered

-- Calls and letters with an institution.
CREATE TABLE contact_log (
  id INTEGER PRIMARY KEY, -- numbered
  round TEXT NOT NULL REFERENCES round (id),
  institution INTEGER NOT NULL REFERENCES institution (id),
  kind INTEGER NOT NULL, -- 0 call, 1 letter, 2 e-mail, 3 meeting
  incoming INTEGER NOT NULL, -- 1: they called us
  with_whom TEXT NOT NULL, -- name, ''
  text TEXT NOT NULL,
  happened_ms BIGINT NOT NULL,
  person_id INTEGER NOT NULL REFERENCES person (id), -- who wrote it down
  created_ms BIGINT NOT NULL,
  removed_ms BIGINT NOT NULL -- taken back; the text stays
);
CREATE INDEX contact_log_institution ON contact_log (institution, round, happened_ms);
CREATE INDEX contact_log_time ON contact_log (happened_ms);

-- An institution's authority for one of the staff to enter answers in its name.
CREATE TABLE authority (
  id INTEGER PRIMARY KEY, -- numbered
  round TEXT NOT NULL REFERENCES round (id),
  institution INTEGER NOT NULL REFERENCES institution (id),
  person_id INTEGER NOT NULL REFERENCES person (id), -- who may enter
  given_by TEXT NOT NULL, -- who gave it at the institution: name, position
  document TEXT NOT NULL, -- how: letter no. 1-7/23 of 2017-11-20, by telephone, …
  recorded_by INTEGER NOT NULL REFERENCES person (id),
  created_ms BIGINT NOT NULL,
  ended_ms BIGINT NOT NULL, -- 0: holds
  may_submit INTEGER NOT NULL, -- 1: also submit, not only enter
  ended_by INTEGER REFERENCES person (id) -- who ended it, null: the round was closed
);
CREATE INDEX authority_institution ON authority (institution, round, id);

-- A question about an answer: the coordinator's to the institution, or one that a rule suggests to the coordinator.
CREATE TABLE query (
  id INTEGER PRIMARY KEY, -- numbered
  response_id INTEGER NOT NULL REFERENCES response (id),
  question TEXT NOT NULL,
  row_id TEXT NOT NULL, -- '' outside rosters
  version INTEGER NOT NULL, -- of the answer it is about, 0: there is none
  origin INTEGER NOT NULL, -- 0 a coordinator, 1 soft check, 2 outlier in the sector, 3 unusual change since the previous round
  reason TEXT NOT NULL, -- origins 1 to 3: what it is about, so that the same is not suggested twice; '' for 0
  text TEXT NOT NULL, -- what is asked
  state INTEGER NOT NULL, -- 0 suggested, 1 open, 2 answered, 3 closed, 4 dismissed
  person_id INTEGER REFERENCES person (id), -- who asked, null while it is suggested
  created_ms BIGINT NOT NULL,
  changed_ms BIGINT NOT NULL, -- last change of state or message
  closed_by INTEGER REFERENCES person (id),
  closed_ms BIGINT NOT NULL
);
CREATE INDEX query_response ON query (response_id, question, row_id, id);
CREATE INDEX query_state ON query (state, changed_ms, id);
CREATE UNIQUE INDEX query_reason ON query (response_id, question, row_id, origin, reason) WHERE origin > 0;

-- What was said about a query, by either side.
CREATE TABLE query_message (
  query_id INTEGER NOT NULL REFERENCES query (id),
  number INTEGER NOT NULL, -- from 1
  person_id INTEGER NOT NULL REFERENCES person (id),
  text TEXT NOT NULL,
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (query_id, number)
); -- clustered

-- How a member of staff proves who they are.
CREATE TABLE credential (
  person_id INTEGER PRIMARY KEY REFERENCES person (id),
  password_hash TEXT NOT NULL, -- argon2id, with its parameters; '' before the first
  password_ms BIGINT NOT NULL,
  totp_secret TEXT NOT NULL, -- base32, '' when there is none
  totp_ms BIGINT NOT NULL, -- when the first code proved it, 0: not yet
  totp_step BIGINT NOT NULL -- the last time step whose code was used; a code works once
); -- clustered

CREATE TABLE recovery_code (
  person_id INTEGER NOT NULL REFERENCES person (id),
  code_hash TEXT NOT NULL,
  used_ms BIGINT NOT NULL,
  PRIMARY KEY (person_id, code_hash)
); -- clustered

-- Failed attempts to sign in, by what is limited: an address, a person, a browser's network.
CREATE TABLE attempt (
  id INTEGER PRIMARY KEY, -- numbered
  limited TEXT NOT NULL, -- person 17, code 17, from 192.0.2.1
  failed_ms BIGINT NOT NULL
);
CREATE INDEX attempt_limited ON attempt (limited, failed_ms);

-- A browser that a person has signed in with.
CREATE TABLE browser (
  token_hash TEXT NOT NULL,
  person_id INTEGER NOT NULL REFERENCES person (id),
  confirmed_ms BIGINT NOT NULL, -- by a code, staff by their second factor; 0: a link was enough
  PRIMARY KEY (token_hash, person_id)
); -- clustered

-- The code that was sent last to a person who opens their link in a new browser.
CREATE TABLE one_time_code (
  person_id INTEGER PRIMARY KEY REFERENCES person (id),
  code_hash TEXT NOT NULL,
  browser_hash TEXT NOT NULL, -- the browser it was asked for in
  created_ms BIGINT NOT NULL,
  wrong INTEGER NOT NULL -- times a wrong one was typed
); -- clustered

-- A corrected questionnaire that was published to a running round, and what it did.
CREATE TABLE correction (
  id INTEGER PRIMARY KEY, -- numbered
  round TEXT NOT NULL REFERENCES round (id),
  questionnaire TEXT NOT NULL,
  old_version INTEGER NOT NULL REFERENCES questionnaire_version (id),
  new_version INTEGER NOT NULL REFERENCES questionnaire_version (id),
  note TEXT NOT NULL, -- to the institutions, ''
  person_id INTEGER REFERENCES person (id), -- null: the command line
  created_ms BIGINT NOT NULL
);

-- What a correction leaves people to look at: an answer that no longer fits, which stays in the history of its response, or
-- a question that changed.
CREATE TABLE misfit (
  correction_id INTEGER NOT NULL REFERENCES correction (id),
  response_id INTEGER NOT NULL REFERENCES response (id),
  question TEXT NOT NULL, -- id in the old version
  row_id TEXT NOT NULL,
  version INTEGER NOT NULL, -- of the answer, 0: there is none
  fault TEXT NOT NULL, -- removed, type, option, value; changed, new: only the question is, row_id ''
  settled_ms BIGINT NOT NULL, -- answered anew or taken note of, 0
  PRIMARY KEY (correction_id, response_id, question, row_id)
); -- clustered
CREATE INDEX misfit_response ON misfit (response_id, settled_ms);

-- What happened; only ever added to.
CREATE TABLE event (
  id INTEGER PRIMARY KEY, -- numbered
  happened_ms BIGINT NOT NULL,
  person_id INTEGER REFERENCES person (id), -- null: the command line
  kind TEXT NOT NULL, -- sign-in, submit, person, link, row-add, …
  subject TEXT NOT NULL, -- what it is about: response 17, person 4, round e-index-2017
  detail TEXT NOT NULL,
  chain TEXT NOT NULL DEFAULT '' -- hash over the one before it and this one, see store/event.h
);
CREATE INDEX event_subject ON event (subject, id);
CREATE INDEX event_person ON event (person_id, happened_ms, id);
