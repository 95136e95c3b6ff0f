BEGIN TRANSACTION;
CREATE TABLE attachments (
    name TEXT PRIMARY KEY,
    key BLOB NOT NULL,
    size_bytes INTEGER NOT NULL,
    pieces BLOB NOT NULL,
    media_type TEXT NOT NULL,
    title TEXT NOT NULL,
    added_ms INTEGER NOT NULL,
    handed_in INTEGER NOT NULL DEFAULT 0,
    receipt BLOB
);
CREATE TABLE drafts (
    person TEXT NOT NULL,
    pack TEXT NOT NULL,
    lesson TEXT NOT NULL,
    task TEXT NOT NULL,
    answers TEXT NOT NULL,
    time_ms INTEGER NOT NULL, attempt INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (person, pack, lesson, task)
);
CREATE TABLE lessons (
    pack TEXT NOT NULL,
    place INTEGER NOT NULL,
    lesson TEXT NOT NULL,
    video_ready INTEGER NOT NULL,
    card TEXT NOT NULL,
    tasks TEXT NOT NULL,
    PRIMARY KEY (pack, place)
);
INSERT INTO "lessons" VALUES('algebra-7-linear',1,'meaning',1,'{"title":{"en":"What is an equation?","kk":"Теңдеу деген не?","ru":"Что такое уравнение?"},"summary":{"en":"Equality, variable and root. An equation as a pair of scales.","kk":"Теңдік, айнымалы және түбір. Теңдеуді таразы сияқты көреміз.","ru":"Равенство, переменная и корень. Уравнение как весы."},"subject":"algebra","grade":7,"minutes":20,"has_video":true,"task_ids":["check"],"pack_title":{"en":"Algebra 7: linear equations","kk":"Алгебра 7: сызықтық теңдеулер","ru":"Алгебра 7: линейные уравнения"}}','{"check":{"en":"Check yourself","kk":"Өзіңді тексер","ru":"Проверь себя"}}');
CREATE TABLE packs (
    pack TEXT PRIMARY KEY,
    version INTEGER NOT NULL
);
INSERT INTO "packs" VALUES('algebra-7-linear',1);
CREATE TABLE progress (
    person TEXT NOT NULL,
    pack TEXT NOT NULL,
    lesson TEXT NOT NULL,
    position_s REAL NOT NULL,
    seen INTEGER NOT NULL,
    time_ms INTEGER NOT NULL,
    PRIMARY KEY (person, pack, lesson)
);
CREATE TABLE publishers (
    key_id TEXT PRIMARY KEY,
    catalogue_serial INTEGER NOT NULL
);
INSERT INTO "publishers" VALUES('043e3c0184de024229da94f6d88395e1',1);
CREATE TABLE set_aside (
    subject TEXT PRIMARY KEY,
    code TEXT NOT NULL,
    fault TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
INSERT INTO "settings" VALUES('enrolment.asked','["S1gBA8kfeP4QOEquB3fTeBdON5lkxDk4BoHODRiufedwPLbpVk3bvvtPntr7aQtTtaHkZJfKS7ukc1e4tnbKBTeN+9pMVBDTA5DAu+cuBFTg1DD8SL1KWUzEB7ttGs77+U7FeJvu6LTeKcFGWYMrloeaFxHjyBBSvsrQxbOtBpBy/yTTHKiv+RoW", "yR94/hA4Sq4=", "I2ltYqsKP6qzSveqIWujB1Xa1ylqkpUUr2GPM3khG5o="]');
CREATE TABLE sync_identity (
        device TEXT PRIMARY KEY, secret BLOB NOT NULL, parent TEXT NOT NULL DEFAULT '',
        adopted INTEGER, shared_seq INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
CREATE TABLE sync_inbox (
        device TEXT NOT NULL, seq INTEGER NOT NULL, time INTEGER NOT NULL, person TEXT NOT NULL,
        kind TEXT NOT NULL, body TEXT NOT NULL, written INTEGER NOT NULL,
        PRIMARY KEY (device, seq)) WITHOUT ROWID;
CREATE TABLE sync_inbox_branch (
        device TEXT NOT NULL, seq INTEGER NOT NULL, written INTEGER NOT NULL, person TEXT NOT NULL,
        kind TEXT NOT NULL, body TEXT NOT NULL, time INTEGER NOT NULL,
        PRIMARY KEY (device, seq, written, person, kind, body)) WITHOUT ROWID;
CREATE TABLE sync_journal (
        device TEXT NOT NULL, seq INTEGER NOT NULL, time INTEGER NOT NULL, person TEXT NOT NULL,
        kind TEXT NOT NULL, body TEXT NOT NULL, hash BLOB NOT NULL,
        PRIMARY KEY (device, seq)) WITHOUT ROWID;
INSERT INTO "sync_journal" VALUES('e97VofjfFQJ6AtZUpPEzrQ',1,117663196981952512,'VmIgiUhM','submission','{"answers":{"number":"-5/2","root":"b","same":["a"],"why":"Екі жағынан 0 алдым да тексердім: Айгерім Тұрсынова шешті"},"language":"kk","lesson":"meaning","of":6,"pack":"algebra-7-linear","points":3,"task":"check","version":1,"waiting":2}',X'A0883A0234A022ABE54992C320798FA063E3A606659FEEB698F773AAFB36A52B');
CREATE TABLE sync_letter (
        number INTEGER PRIMARY KEY, device TEXT NOT NULL, up TEXT NOT NULL,
        own TEXT NOT NULL, last_seq INTEGER NOT NULL, state BLOB NOT NULL, content TEXT NOT NULL,
        answered INTEGER NOT NULL DEFAULT 0);
INSERT INTO "sync_letter" VALUES(1,'e97VofjfFQJ6AtZUpPEzrQ','b3cc4739f3cec93d','',0,X'F75E079A84A0AE878E737B5ACB722863','{"m":[[3,"fFkyGJKsMEY","e97VofjfFQJ6AtZUpPEzrQ",""],[1,"ZBlG3ahPuZE","e97VofjfFQJ6AtZUpPEzrQ",""]],"o":[],"w":[]}',0);
INSERT INTO "sync_letter" VALUES(2,'e97VofjfFQJ6AtZUpPEzrQ','18fcdf70d0d2dd17','579dcf04fbf00046',1,X'D25AA2140EF48E26548A6CB9A13E5DF1','{"m":[[3,"fFkyGJKsMEY","e97VofjfFQJ6AtZUpPEzrQ",""],[1,"PjYCqQk1RHk","e97VofjfFQJ6AtZUpPEzrQ",""]],"o":[],"w":[]}',0);
CREATE TABLE sync_meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
INSERT INTO "sync_meta" VALUES('format',5);
CREATE TABLE sync_progress (
        device TEXT PRIMARY KEY, sent_seq INTEGER NOT NULL DEFAULT 0,
        resend_from INTEGER, last_time INTEGER NOT NULL DEFAULT 0,
        floor_ms INTEGER NOT NULL DEFAULT 0, offset_ms INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
INSERT INTO "sync_progress" VALUES('e97VofjfFQJ6AtZUpPEzrQ',1,NULL,117663196981952512,1795397902881,-334);
CREATE TABLE sync_quarantine (
        device TEXT NOT NULL, seq INTEGER NOT NULL, code TEXT NOT NULL, detail TEXT NOT NULL,
        body TEXT NOT NULL, PRIMARY KEY (device, seq)) WITHOUT ROWID;
CREATE TABLE sync_receipt (
        device TEXT NOT NULL, seq INTEGER NOT NULL, hash BLOB NOT NULL, time_ms INTEGER NOT NULL,
        signature BLOB NOT NULL, PRIMARY KEY (device, seq)) WITHOUT ROWID;
CREATE TABLE sync_refused (
        device TEXT NOT NULL, seq INTEGER NOT NULL, code TEXT NOT NULL,
        PRIMARY KEY (device, seq)) WITHOUT ROWID;
CREATE TABLE wanted (
    publisher TEXT NOT NULL,
    pack TEXT NOT NULL,
    version INTEGER NOT NULL,
    manifest_sha256 TEXT NOT NULL,
    manifest_size_bytes INTEGER NOT NULL,
    place INTEGER NOT NULL,
    complete INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (publisher, pack)
);
INSERT INTO "wanted" VALUES('043e3c0184de024229da94f6d88395e1','algebra-7-linear',1,'b8c0d9c503395c5365198c71bab0f374db09924c235f6ce56c7a7e0ca0b80b73',1440,0,1);
CREATE INDEX sync_journal_kind ON sync_journal (kind, person);
CREATE INDEX sync_inbox_kind ON sync_inbox (kind, time);
COMMIT;
PRAGMA user_version = 3;
