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
INSERT INTO "drafts" VALUES('p-nurlan','algebra-7-linear','problems','caravan','{"x": "5"}',1795375810366);
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
INSERT INTO "progress" VALUES('p-aigerim','algebra-7-linear','meaning',61.5,1,1795375810354);
INSERT INTO "progress" VALUES('p-aigerim','algebra-7-linear','solving',24.0,0,1795375810362);
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
CREATE TABLE sync_inbox (
        device TEXT NOT NULL, seq INTEGER NOT NULL, time INTEGER NOT NULL, person TEXT NOT NULL,
        kind TEXT NOT NULL, body TEXT NOT NULL,
        PRIMARY KEY (device, seq)) WITHOUT ROWID;
INSERT INTO "sync_inbox" VALUES('U6IaBVzBxV-WaJPMBICKSA',1,117657030515163136,'p-saule','mark','{"comment":"Жақсы! Екінші сұрақтағы таңбаға назар аудар.","device":"NCurnLHVxLDy3Uv2k8OVoQ","of":6,"points":5,"seq":1,"student":"p-aigerim"}');
INSERT INTO "sync_inbox" VALUES('U6IaBVzBxV-WaJPMBICKSA',2,117654671219163136,'p-dana','submission','{"answers":{"number":"-5/2","root":"b","same":["a","b"],"why":"Екі жағына бірдей санды қосамыз, сондықтан таңбасы өзгереді."},"language":"kk","lesson":"meaning","of":6,"pack":"algebra-7-linear","points":4,"task":"check","version":1,"waiting":2}');
INSERT INTO "sync_inbox" VALUES('ZnChhNmlBBwQQrIfCcSzJA',1,117661749107163136,'school','roster','{"class":"7 «А»","name":"Айгерім Сәрсенқызы","person":"p-aigerim","picture":"saiga","role":"student"}');
INSERT INTO "sync_inbox" VALUES('ZnChhNmlBBwQQrIfCcSzJA',2,117661749107163136,'school','roster','{"class":"7 «А»","name":"Нұрлан Әбдіғалиев","person":"p-nurlan","picture":"eagle","role":"student"}');
INSERT INTO "sync_inbox" VALUES('ZnChhNmlBBwQQrIfCcSzJA',3,117661749107163136,'school','roster','{"class":"7 «А»","name":"Дана Оспанова","person":"p-dana","picture":"kite","role":"student"}');
INSERT INTO "sync_inbox" VALUES('ZnChhNmlBBwQQrIfCcSzJA',4,117661749107163136,'school','roster','{"class":"7 «А»","name":"Ерлан Қасымов","person":"p-yerlan","picture":"horse","role":"student"}');
CREATE TABLE sync_journal (
        device TEXT NOT NULL, seq INTEGER NOT NULL, time INTEGER NOT NULL, person TEXT NOT NULL,
        kind TEXT NOT NULL, body TEXT NOT NULL, hash BLOB NOT NULL,
        PRIMARY KEY (device, seq)) WITHOUT ROWID;
INSERT INTO "sync_journal" VALUES('NCurnLHVxLDy3Uv2k8OVoQ',1,117649952623230976,'p-aigerim','submission','{"answers":{"root":"b"},"language":"kk","lesson":"meaning","of":6,"pack":"algebra-7-linear","points":1,"task":"check","version":1,"waiting":0}',X'7E3385B122A3755EECF7A20E01B3E91AA1F052C75F815075089FC16E4D7173C0');
INSERT INTO "sync_journal" VALUES('NCurnLHVxLDy3Uv2k8OVoQ',2,117655614934155264,'p-aigerim','submission','{"answers":{"number":"-5/2","root":"b","same":["a","b"],"why":"Екі жағына бірдей санды қосамыз, сондықтан таңбасы өзгереді."},"language":"kk","lesson":"solving","of":4,"pack":"algebra-7-linear","points":4,"task":"practice","version":1,"waiting":0}',X'EC7E2414B57EC20D6B3D23BB45641A581B1485714F2FAF1949BA66CCB623D282');
INSERT INTO "sync_journal" VALUES('NCurnLHVxLDy3Uv2k8OVoQ',3,117655850864279552,'p-nurlan','submission','{"answers":{"number":"-2,5","root":"a"},"language":"kk","lesson":"meaning","of":6,"pack":"algebra-7-linear","points":1,"task":"check","version":1,"waiting":0}',X'FEA35AFC8488E8CA53863AEC79A3B9DD880DC4B14C9CDFD6B2710C2285A2B149');
INSERT INTO "sync_journal" VALUES('NCurnLHVxLDy3Uv2k8OVoQ',4,117661277246586880,'p-aigerim','submission','{"answers":{"number":"-5/2","root":"b","same":["a","b"],"why":"Екі жағына бірдей санды қосамыз, сондықтан таңбасы өзгереді."},"language":"kk","lesson":"solving","of":2,"pack":"algebra-7-linear","points":null,"task":"explain","version":1,"waiting":2}',X'A9D69826EAF867481B10C044603950CCF4C495B098A495BA7EFFCBF57FECC2E3');
INSERT INTO "sync_journal" VALUES('NCurnLHVxLDy3Uv2k8OVoQ',5,117661744387784704,'p-aigerim','submission','{"answers":{"number":"-5/2","root":"b","same":["a","b"],"why":"Екі жағына бірдей санды қосамыз, сондықтан таңбасы өзгереді."},"language":"kk","lesson":"problems","of":6,"pack":"algebra-7-linear","points":4,"task":"caravan","version":1,"waiting":2}',X'4E66C49D8BEB5C9C821AFECE5645606876DC3EF602100DB6F54AC06801391CEB');
INSERT INTO "sync_journal" VALUES('NCurnLHVxLDy3Uv2k8OVoQ',6,117661749107359744,'p-aigerim','progress','{"lesson":"meaning","pack":"algebra-7-linear","position_s":61.5,"seen":true}',X'5A01A931C000EB4AEC794AED537758010E3EB7F7C99DFAD9CA41023C19B7B16C');
INSERT INTO "sync_journal" VALUES('NCurnLHVxLDy3Uv2k8OVoQ',7,117661749107884032,'p-aigerim','progress','{"lesson":"solving","pack":"algebra-7-linear","position_s":24,"seen":false}',X'8AA6A0BFCEF9645BEAC4899BABB6EFFB6404B3D287181E4ACF72EC78FF1834EB');
CREATE TABLE sync_meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
INSERT INTO "sync_meta" VALUES('format',1);
CREATE TABLE sync_progress (
        device TEXT PRIMARY KEY, sent_seq INTEGER NOT NULL DEFAULT 0,
        resend_from INTEGER, last_time INTEGER NOT NULL DEFAULT 0,
        floor_ms INTEGER NOT NULL DEFAULT 0, offset_ms INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
INSERT INTO "sync_progress" VALUES('NCurnLHVxLDy3Uv2k8OVoQ',4,NULL,117661749107884032,0,0);
CREATE TABLE sync_quarantine (
        device TEXT NOT NULL, seq INTEGER NOT NULL, code TEXT NOT NULL, detail TEXT NOT NULL,
        body TEXT NOT NULL, PRIMARY KEY (device, seq)) WITHOUT ROWID;
CREATE TABLE sync_receipt (
        device TEXT NOT NULL, seq INTEGER NOT NULL, hash BLOB NOT NULL, time_ms INTEGER NOT NULL,
        signature BLOB NOT NULL, PRIMARY KEY (device, seq)) WITHOUT ROWID;
INSERT INTO "sync_receipt" VALUES('NCurnLHVxLDy3Uv2k8OVoQ',3,X'FEA35AFC8488E8CA53863AEC79A3B9DD880DC4B14C9CDFD6B2710C2285A2B149',1795286110318,X'5C25FC8B6783874D609D8D42EE12C74AC8F6500F0769A3FC0E68D363928179430ECF5E324E89BD4FBBB774C3C9F72BDA67B9E1CB2F720F17C0B872916A8CAE0B');
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
