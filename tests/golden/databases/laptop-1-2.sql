BEGIN TRANSACTION;
CREATE TABLE drafts (
    person TEXT NOT NULL,
    pack TEXT NOT NULL,
    lesson TEXT NOT NULL,
    task TEXT NOT NULL,
    answers TEXT NOT NULL,
    time_ms INTEGER NOT NULL,
    PRIMARY KEY (person, pack, lesson, task)
);
INSERT INTO "drafts" VALUES('p-nurlan','algebra-7-linear','problems','caravan','{"x": "5"}',1795375813234);
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
INSERT INTO "progress" VALUES('p-aigerim','algebra-7-linear','meaning',61.5,1,1795375813214);
INSERT INTO "progress" VALUES('p-aigerim','algebra-7-linear','solving',24.0,0,1795375813222);
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
        kind TEXT NOT NULL, body TEXT NOT NULL,
        PRIMARY KEY (device, seq)) WITHOUT ROWID;
INSERT INTO "sync_inbox" VALUES('rn3VxT_2INHdCej6Rx8GrA',1,117657030702333952,'p-saule','mark','{"comment":"Жақсы! Екінші сұрақтағы таңбаға назар аудар.","device":"P8ooBKy4hGbCgl7CD2L7jg","of":6,"points":5,"seq":1,"student":"p-aigerim"}');
INSERT INTO "sync_inbox" VALUES('rn3VxT_2INHdCej6Rx8GrA',2,117654671406333952,'p-dana','submission','{"answers":{"number":"-5/2","root":"b","same":["a","b"],"why":"Екі жағына бірдей санды қосамыз, сондықтан таңбасы өзгереді."},"language":"kk","lesson":"meaning","of":6,"pack":"algebra-7-linear","points":4,"task":"check","version":1,"waiting":2}');
INSERT INTO "sync_inbox" VALUES('wPpJPimG-3SyPJHMWFj-jA',1,117661749294333952,'school','roster','{"class":"7 «А»","name":"Айгерім Сәрсенқызы","person":"p-aigerim","picture":"saiga","role":"student"}');
INSERT INTO "sync_inbox" VALUES('wPpJPimG-3SyPJHMWFj-jA',2,117661749294333952,'school','roster','{"class":"7 «А»","name":"Нұрлан Әбдіғалиев","person":"p-nurlan","picture":"eagle","role":"student"}');
INSERT INTO "sync_inbox" VALUES('wPpJPimG-3SyPJHMWFj-jA',3,117661749294333952,'school','roster','{"class":"7 «А»","name":"Дана Оспанова","person":"p-dana","picture":"kite","role":"student"}');
INSERT INTO "sync_inbox" VALUES('wPpJPimG-3SyPJHMWFj-jA',4,117661749294333952,'school','roster','{"class":"7 «А»","name":"Ерлан Қасымов","person":"p-yerlan","picture":"horse","role":"student"}');
CREATE TABLE sync_inbox_branch (
        device TEXT NOT NULL, seq INTEGER NOT NULL, time INTEGER NOT NULL, person TEXT NOT NULL,
        kind TEXT NOT NULL, body TEXT NOT NULL,
        PRIMARY KEY (device, seq, person, kind, body)) WITHOUT ROWID;
CREATE TABLE sync_journal (
        device TEXT NOT NULL, seq INTEGER NOT NULL, time INTEGER NOT NULL, person TEXT NOT NULL,
        kind TEXT NOT NULL, body TEXT NOT NULL, hash BLOB NOT NULL,
        PRIMARY KEY (device, seq)) WITHOUT ROWID;
INSERT INTO "sync_journal" VALUES('P8ooBKy4hGbCgl7CD2L7jg',1,117649952808894464,'p-aigerim','submission','{"answers":{"root":"b"},"language":"kk","lesson":"meaning","of":6,"pack":"algebra-7-linear","points":1,"task":"check","version":1,"waiting":0}',X'B9BD68B968C421ECF555B77CFA5F03247DB9F7722BBDB5F1DE682BDA93D2CD33');
INSERT INTO "sync_journal" VALUES('P8ooBKy4hGbCgl7CD2L7jg',2,117655615120474112,'p-aigerim','submission','{"answers":{"number":"-5/2","root":"b","same":["a","b"],"why":"Екі жағына бірдей санды қосамыз, сондықтан таңбасы өзгереді."},"language":"kk","lesson":"solving","of":4,"pack":"algebra-7-linear","points":4,"task":"practice","version":1,"waiting":0}',X'4AC844632BCC5BBDED09C1367CF7021852129C3DDBB4A36FED03E3CCA73BCC5A');
INSERT INTO "sync_journal" VALUES('P8ooBKy4hGbCgl7CD2L7jg',3,117655851050532864,'p-nurlan','submission','{"answers":{"number":"-2,5","root":"a"},"language":"kk","lesson":"meaning","of":6,"pack":"algebra-7-linear","points":1,"task":"check","version":1,"waiting":0}',X'42D402270C56EE9A82E22D7FD48279FB9C8675F90B610B00F729A9539360BBF2');
INSERT INTO "sync_journal" VALUES('P8ooBKy4hGbCgl7CD2L7jg',4,117661277433298944,'p-aigerim','submission','{"answers":{"number":"-5/2","root":"b","same":["a","b"],"why":"Екі жағына бірдей санды қосамыз, сондықтан таңбасы өзгереді."},"language":"kk","lesson":"solving","of":2,"pack":"algebra-7-linear","points":null,"task":"explain","version":1,"waiting":2}',X'6ACDA80EF9E1AF579F2A40E2BD3BCC7C933636CA6C81C3D42FA0A2D68D46C996');
INSERT INTO "sync_journal" VALUES('P8ooBKy4hGbCgl7CD2L7jg',5,117661744574955520,'p-aigerim','submission','{"answers":{"number":"-5/2","root":"b","same":["a","b"],"why":"Екі жағына бірдей санды қосамыз, сондықтан таңбасы өзгереді."},"language":"kk","lesson":"problems","of":6,"pack":"algebra-7-linear","points":4,"task":"caravan","version":1,"waiting":2}',X'B35DA03EBE50C68220AF6191686840A9B616AC3365162493BBAB95F9610B6ECA');
INSERT INTO "sync_journal" VALUES('P8ooBKy4hGbCgl7CD2L7jg',6,117661749294858240,'p-aigerim','progress','{"lesson":"meaning","pack":"algebra-7-linear","position_s":61.5,"seen":true}',X'2A814B44523A8564F8BD27FA00D5B10C3A62CC56F986BD586153CFCA6F10BE67');
INSERT INTO "sync_journal" VALUES('P8ooBKy4hGbCgl7CD2L7jg',7,117661749295316992,'p-aigerim','progress','{"lesson":"solving","pack":"algebra-7-linear","position_s":24,"seen":false}',X'87AB7FF595E26550E7060930D9EE78E45F6C361B8C7588B538964CB4DA789885');
CREATE TABLE sync_meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
INSERT INTO "sync_meta" VALUES('format',2);
CREATE TABLE sync_progress (
        device TEXT PRIMARY KEY, sent_seq INTEGER NOT NULL DEFAULT 0,
        resend_from INTEGER, last_time INTEGER NOT NULL DEFAULT 0,
        floor_ms INTEGER NOT NULL DEFAULT 0, offset_ms INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
INSERT INTO "sync_progress" VALUES('P8ooBKy4hGbCgl7CD2L7jg',4,NULL,117661749295316992,0,0);
CREATE TABLE sync_quarantine (
        device TEXT NOT NULL, seq INTEGER NOT NULL, code TEXT NOT NULL, detail TEXT NOT NULL,
        body TEXT NOT NULL, PRIMARY KEY (device, seq)) WITHOUT ROWID;
CREATE TABLE sync_receipt (
        device TEXT NOT NULL, seq INTEGER NOT NULL, hash BLOB NOT NULL, time_ms INTEGER NOT NULL,
        signature BLOB NOT NULL, PRIMARY KEY (device, seq)) WITHOUT ROWID;
INSERT INTO "sync_receipt" VALUES('P8ooBKy4hGbCgl7CD2L7jg',3,X'42D402270C56EE9A82E22D7FD48279FB9C8675F90B610B00F729A9539360BBF2',1795286113163,X'E9F5DAB8A1B9E6FE20371F803CF4D94A6CDAB4DA04CDA0BF3138748EA648EFD5269D40EEDB8F400E92B7D7B85CCC2351A8DE81C5C820EF0AF26F6D44FA70CB03');
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
PRAGMA user_version = 1;
