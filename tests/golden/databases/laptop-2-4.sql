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
    time_ms INTEGER NOT NULL,
    PRIMARY KEY (person, pack, lesson, task)
);
INSERT INTO "drafts" VALUES('p-nurlan','algebra-7-linear','problems','caravan','{"x": "5"}',1795375853354);
CREATE TABLE lessons (
    pack TEXT NOT NULL,
    place INTEGER NOT NULL,
    lesson TEXT NOT NULL,
    video_ready INTEGER NOT NULL,
    card TEXT NOT NULL,
    tasks TEXT NOT NULL,
    PRIMARY KEY (pack, place)
);
CREATE TABLE packs (
    pack TEXT PRIMARY KEY,
    version INTEGER NOT NULL
);
CREATE TABLE progress (
    person TEXT NOT NULL,
    pack TEXT NOT NULL,
    lesson TEXT NOT NULL,
    position_s REAL NOT NULL,
    seen INTEGER NOT NULL,
    time_ms INTEGER NOT NULL,
    PRIMARY KEY (person, pack, lesson)
);
INSERT INTO "progress" VALUES('p-aigerim','algebra-7-linear','meaning',61.5,1,1795375853342);
CREATE TABLE publishers (
    key_id TEXT PRIMARY KEY,
    catalogue_serial INTEGER NOT NULL
);
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
CREATE TABLE sync_identity (
        device TEXT PRIMARY KEY, secret BLOB NOT NULL, parent TEXT NOT NULL DEFAULT '',
        adopted INTEGER, shared_seq INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
CREATE TABLE sync_inbox (
        device TEXT NOT NULL, seq INTEGER NOT NULL, time INTEGER NOT NULL, person TEXT NOT NULL,
        kind TEXT NOT NULL, body TEXT NOT NULL, written INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (device, seq)) WITHOUT ROWID;
INSERT INTO "sync_inbox" VALUES('U-N3ssTOoixr9BSreG8sNQ',1,117661751924031493,'p-nurlan','progress','{"lesson":"solving","pack":"algebra-7-linear","position_s":12,"seen":false}',117661751924031493);
INSERT INTO "sync_inbox" VALUES('U-N3ssTOoixr9BSreG8sNQ',2,117661751924752384,'p-nurlan','progress','{"lesson":"solving","pack":"algebra-7-linear","position_s":12,"seen":false}',126156275712000003);
CREATE TABLE sync_inbox_branch (
        device TEXT NOT NULL, seq INTEGER NOT NULL, written INTEGER NOT NULL, person TEXT NOT NULL,
        kind TEXT NOT NULL, body TEXT NOT NULL, time INTEGER NOT NULL,
        PRIMARY KEY (device, seq, written, person, kind, body)) WITHOUT ROWID;
INSERT INTO "sync_inbox_branch" VALUES('U-N3ssTOoixr9BSreG8sNQ',1,117661751924621312,'p-nurlan','progress','{"lesson":"solving","pack":"algebra-7-linear","position_s":12,"seen":false}',117661751924621312);
CREATE TABLE sync_journal (
        device TEXT NOT NULL, seq INTEGER NOT NULL, time INTEGER NOT NULL, person TEXT NOT NULL,
        kind TEXT NOT NULL, body TEXT NOT NULL, hash BLOB NOT NULL,
        PRIMARY KEY (device, seq)) WITHOUT ROWID;
INSERT INTO "sync_journal" VALUES('gmbJ2b3xlIVM8r6On-i9ag',1,117661751919509504,'p-aigerim','submission','{"answers":{"root":"b"},"language":"kk","lesson":"meaning","of":0,"pack":"algebra-7-linear","points":null,"task":"check","version":0,"waiting":0}',X'42E08709436134EC9443D6BBC0B9BB8670D539EE3B45C97D2CC4D8E243E19EF8');
INSERT INTO "sync_journal" VALUES('gmbJ2b3xlIVM8r6On-i9ag',2,0,'','','',X'9AECC02C68118171CE72967DE80D3832B3F7B4EB3D914F9A50DA00A67160BBD9');
INSERT INTO "sync_journal" VALUES('gmbJ2b3xlIVM8r6On-i9ag',3,0,'','','',X'9C20E3754F8C71C5FBC4645164B25CCC1F040DAD93C643CCC716A5B048E079BE');
INSERT INTO "sync_journal" VALUES('gmbJ2b3xlIVM8r6On-i9ag',4,0,'','','',X'39B79063DDB5B0F0FA6369EE450507D6A277F9ABB5C2396EDE48E06A30BC425A');
INSERT INTO "sync_journal" VALUES('gmbJ2b3xlIVM8r6On-i9ag',5,117661751920951296,'p-aigerim','progress','{"lesson":"meaning","pack":"algebra-7-linear","position_s":180,"seen":true}',X'EC23449AEF0B7EAA0BE41B0C61CDF5F56F46E46D19EE7ADBF2159A7B8A1347BF');
INSERT INTO "sync_journal" VALUES('gmbJ2b3xlIVM8r6On-i9ag',6,117661751924031488,'p-nurlan','submission','{"answers":{"root":"a"},"language":"ru","lesson":"meaning","of":0,"pack":"algebra-7-linear","points":null,"task":"check","version":0,"waiting":0}',X'4FE0E6CF156D6BA2317563594464A56F9F13ED73C17C2FE3AB8B9DF6CD52D32C');
INSERT INTO "sync_journal" VALUES('gmbJ2b3xlIVM8r6On-i9ag',7,117661751924686848,'p-aigerim','progress','{"lesson":"meaning","pack":"algebra-7-linear","position_s":61.5,"seen":true}',X'5808942F19FA1DEFD5C62A4898313686B83C17AD2B13BABF48AAB5E26D0F053E');
CREATE TABLE sync_meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
INSERT INTO "sync_meta" VALUES('format',4);
CREATE TABLE sync_progress (
        device TEXT PRIMARY KEY, sent_seq INTEGER NOT NULL DEFAULT 0,
        resend_from INTEGER, last_time INTEGER NOT NULL DEFAULT 0,
        floor_ms INTEGER NOT NULL DEFAULT 0, offset_ms INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
INSERT INTO "sync_progress" VALUES('gmbJ2b3xlIVM8r6On-i9ag',5,NULL,117661751924686848,0,0);
CREATE TABLE sync_quarantine (
        device TEXT NOT NULL, seq INTEGER NOT NULL, code TEXT NOT NULL, detail TEXT NOT NULL,
        body TEXT NOT NULL, PRIMARY KEY (device, seq)) WITHOUT ROWID;
CREATE TABLE sync_receipt (
        device TEXT NOT NULL, seq INTEGER NOT NULL, hash BLOB NOT NULL, time_ms INTEGER NOT NULL,
        signature BLOB NOT NULL, PRIMARY KEY (device, seq)) WITHOUT ROWID;
INSERT INTO "sync_receipt" VALUES('gmbJ2b3xlIVM8r6On-i9ag',5,X'EC23449AEF0B7EAA0BE41B0C61CDF5F56F46E46D19EE7ADBF2159A7B8A1347BF',1795375853310,X'1AFAD2C25F3B0722201A797C82754D15945569B958EB7F861C1C5511A34FB017C0F0C3D84BC358ADFF1E90845F41BB3EB31E0AD8DB6769F1A12CC37337C27605');
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
CREATE INDEX sync_journal_kind ON sync_journal (kind, person);
CREATE INDEX sync_inbox_kind ON sync_inbox (kind, time);
COMMIT;
PRAGMA user_version = 2;
