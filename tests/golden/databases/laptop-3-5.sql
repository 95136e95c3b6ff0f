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
INSERT INTO "drafts" VALUES('p-nurlan','algebra-7-linear','problems','caravan','{"x": "5"}',1795410245603,1);
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
INSERT INTO "lessons" VALUES('algebra-7-linear',2,'solving',1,'{"title":{"en":"Solving equations","kk":"Теңдеуді шешу","ru":"Решение уравнений"},"summary":{"en":"Moving terms and collecting like ones.","kk":"Мүшелерді көшіреміз, ұқсас мүшелерді біріктіреміз.","ru":"Переносим слагаемые, приводим подобные."},"subject":"algebra","grade":7,"minutes":20,"has_video":true,"task_ids":["practice","explain"],"pack_title":{"en":"Algebra 7: linear equations","kk":"Алгебра 7: сызықтық теңдеулер","ru":"Алгебра 7: линейные уравнения"}}','{"practice":{"en":"Practice","kk":"Жаттығу","ru":"Тренировка"},"explain":{"en":"Explain your solution","kk":"Түсіндіріп бер","ru":"Объясни решение"}}');
INSERT INTO "lessons" VALUES('algebra-7-linear',3,'problems',0,'{"title":{"en":"Word problems","kk":"Мәтінді есептер","ru":"Текстовые задачи"},"summary":{"en":"Writing an equation from a story.","kk":"Есептің шартынан теңдеу құрамыз.","ru":"Составляем уравнение по условию задачи."},"subject":"algebra","grade":7,"minutes":20,"has_video":true,"task_ids":["caravan"],"pack_title":{"en":"Algebra 7: linear equations","kk":"Алгебра 7: сызықтық теңдеулер","ru":"Алгебра 7: линейные уравнения"}}','{"caravan":{"en":"The caravan''s road","kk":"Керуен жолы","ru":"Путь каравана"}}');
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
INSERT INTO "progress" VALUES('p-aigerim','algebra-7-linear','meaning',61.5,1,1795410245582);
INSERT INTO "progress" VALUES('p-aigerim','algebra-7-linear','solving',24.0,0,1795410245594);
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
        kind TEXT NOT NULL, body TEXT NOT NULL, written INTEGER NOT NULL,
        PRIMARY KEY (device, seq)) WITHOUT ROWID;
INSERT INTO "sync_inbox" VALUES('-wxCG7VfsRSfB5EehraJyQ',1,117664005853937664,'school','roster','{"class":"7 «А»","name":"Айгерім Сәрсенқызы","person":"p-aigerim","picture":"saiga","role":"student"}',117664005853937664);
INSERT INTO "sync_inbox" VALUES('-wxCG7VfsRSfB5EehraJyQ',2,117664005853937664,'school','roster','{"class":"7 «А»","name":"Нұрлан Әбдіғалиев","person":"p-nurlan","picture":"eagle","role":"student"}',117664005853937664);
INSERT INTO "sync_inbox" VALUES('-wxCG7VfsRSfB5EehraJyQ',3,117664005853937664,'school','roster','{"class":"7 «А»","name":"Дана Оспанова","person":"p-dana","picture":"kite","role":"student"}',117664005853937664);
INSERT INTO "sync_inbox" VALUES('-wxCG7VfsRSfB5EehraJyQ',4,117664005853937664,'school','roster','{"class":"7 «А»","name":"Ерлан Қасымов","person":"p-yerlan","picture":"horse","role":"student"}',117664005853937664);
INSERT INTO "sync_inbox" VALUES('LK6YYpsOS5x4PzJqPNHHJw',1,117659287261937664,'p-saule','mark','{"comment":"Жақсы! Екінші сұрақтағы таңбаға назар аудар.","device":"0yJMyTote_9rGIU2r19DqA","of":6,"points":5,"seq":1,"student":"p-aigerim"}',117659287261937664);
INSERT INTO "sync_inbox" VALUES('LK6YYpsOS5x4PzJqPNHHJw',2,117656927965937664,'p-dana','submission','{"answers":{"number":"-5/2","root":"b","same":["a","b"],"why":"Екі жағына бірдей санды қосамыз, сондықтан таңбасы өзгереді."},"language":"kk","lesson":"meaning","of":6,"pack":"algebra-7-linear","points":4,"task":"check","version":1,"waiting":2}',117656927965937664);
CREATE TABLE sync_inbox_branch (
        device TEXT NOT NULL, seq INTEGER NOT NULL, written INTEGER NOT NULL, person TEXT NOT NULL,
        kind TEXT NOT NULL, body TEXT NOT NULL, time INTEGER NOT NULL,
        PRIMARY KEY (device, seq, written, person, kind, body)) WITHOUT ROWID;
CREATE TABLE sync_journal (
        device TEXT NOT NULL, seq INTEGER NOT NULL, time INTEGER NOT NULL, person TEXT NOT NULL,
        kind TEXT NOT NULL, body TEXT NOT NULL, hash BLOB NOT NULL,
        PRIMARY KEY (device, seq)) WITHOUT ROWID;
INSERT INTO "sync_journal" VALUES('0yJMyTote_9rGIU2r19DqA',1,117652209369481216,'p-aigerim','submission','{"answers":{"root":"b"},"language":"kk","lesson":"meaning","of":6,"pack":"algebra-7-linear","points":1,"task":"check","version":1,"waiting":0}',X'0A7A1BC3E325C061AAA849E3E2F8E312E859E55FCCD16EE3C9F99362D655C997');
INSERT INTO "sync_journal" VALUES('0yJMyTote_9rGIU2r19DqA',2,117657871680077824,'p-aigerim','submission','{"answers":{"number":"-5/2","root":"b","same":["a","b"],"why":"Екі жағына бірдей санды қосамыз, сондықтан таңбасы өзгереді."},"language":"kk","lesson":"solving","of":4,"pack":"algebra-7-linear","points":4,"task":"practice","version":1,"waiting":0}',X'39A3C95FD62374DD0347073027942BC92EFBF4DE7D5E6A42A94F182CC8BC9A7D');
INSERT INTO "sync_journal" VALUES('0yJMyTote_9rGIU2r19DqA',3,117658107610791936,'p-nurlan','submission','{"answers":{"number":"-2,5","root":"a"},"language":"kk","lesson":"meaning","of":6,"pack":"algebra-7-linear","points":1,"task":"check","version":1,"waiting":0}',X'CE1F5EBD592B373C1D7840554A928CAA8E99812AE15221286A427555A47022D7');
INSERT INTO "sync_journal" VALUES('0yJMyTote_9rGIU2r19DqA',4,117663533992706048,'p-aigerim','submission','{"answers":{"number":"-5/2","root":"b","same":["a","b"],"why":"Екі жағына бірдей санды қосамыз, сондықтан таңбасы өзгереді."},"language":"kk","lesson":"solving","of":2,"pack":"algebra-7-linear","points":null,"task":"explain","version":1,"waiting":2}',X'C1336151F5E9ADF00D128454FB7F632D01B26011CD156C65E3EE5A1DD908F272');
INSERT INTO "sync_journal" VALUES('0yJMyTote_9rGIU2r19DqA',5,117664001134886912,'p-aigerim','submission','{"answers":{"number":"-5/2","root":"b","same":["a","b"],"why":"Екі жағына бірдей санды қосамыз, сондықтан таңбасы өзгереді."},"language":"kk","lesson":"problems","of":6,"pack":"algebra-7-linear","points":4,"task":"caravan","version":1,"waiting":2}',X'1427AB6999E884C74800ACC927969EB19DB47C60ACA1E3AA4AEECCF25835D7FA');
INSERT INTO "sync_journal" VALUES('0yJMyTote_9rGIU2r19DqA',6,117664005854527488,'p-aigerim','progress','{"lesson":"meaning","pack":"algebra-7-linear","position_s":61.5,"seen":true}',X'A244BE2E06EF4C762BEF831208AE2185393C278403E736FBCEAE1A9B8A60D222');
INSERT INTO "sync_journal" VALUES('0yJMyTote_9rGIU2r19DqA',7,117664005855313920,'p-aigerim','progress','{"lesson":"solving","pack":"algebra-7-linear","position_s":24,"seen":false}',X'647682D16CC5DA9A89E220D0B8AFBEFE1B264159A1F3AC32703A2D709CC9A187');
CREATE TABLE sync_letter (
        number INTEGER PRIMARY KEY, device TEXT NOT NULL, up TEXT NOT NULL,
        own TEXT NOT NULL, last_seq INTEGER NOT NULL, state BLOB NOT NULL, content TEXT NOT NULL,
        answered INTEGER NOT NULL DEFAULT 0);
CREATE TABLE sync_meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
INSERT INTO "sync_meta" VALUES('format',5);
CREATE TABLE sync_progress (
        device TEXT PRIMARY KEY, sent_seq INTEGER NOT NULL DEFAULT 0,
        resend_from INTEGER, last_time INTEGER NOT NULL DEFAULT 0,
        floor_ms INTEGER NOT NULL DEFAULT 0, offset_ms INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
INSERT INTO "sync_progress" VALUES('0yJMyTote_9rGIU2r19DqA',4,NULL,117664005855313920,0,0);
CREATE TABLE sync_quarantine (
        device TEXT NOT NULL, seq INTEGER NOT NULL, code TEXT NOT NULL, detail TEXT NOT NULL,
        body TEXT NOT NULL, PRIMARY KEY (device, seq)) WITHOUT ROWID;
CREATE TABLE sync_receipt (
        device TEXT NOT NULL, seq INTEGER NOT NULL, hash BLOB NOT NULL, time_ms INTEGER NOT NULL,
        signature BLOB NOT NULL, PRIMARY KEY (device, seq)) WITHOUT ROWID;
INSERT INTO "sync_receipt" VALUES('0yJMyTote_9rGIU2r19DqA',3,X'CE1F5EBD592B373C1D7840554A928CAA8E99812AE15221286A427555A47022D7',1795320545538,X'561D381B4C301A663A524288E4277EF49C03EA533847802C320643817FAEF83FACB8B3DAB56B9E4C19EB7E4410822CB225FE48FB5A403883BCD6AAC60522C903');
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
PRAGMA user_version = 3;
