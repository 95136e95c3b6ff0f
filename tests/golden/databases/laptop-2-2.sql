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
INSERT INTO "drafts" VALUES('p-nurlan','algebra-7-linear','problems','caravan','{"x": "5"}',1795375816122);
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
INSERT INTO "progress" VALUES('p-aigerim','algebra-7-linear','meaning',61.5,1,1795375816112);
INSERT INTO "progress" VALUES('p-aigerim','algebra-7-linear','solving',24.0,0,1795375816117);
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
INSERT INTO "sync_inbox" VALUES('Ddv1YzWICXTI1m9ssL4CIg',1,117661749484388352,'school','roster','{"class":"7 «А»","name":"Айгерім Сәрсенқызы","person":"p-aigerim","picture":"saiga","role":"student"}');
INSERT INTO "sync_inbox" VALUES('Ddv1YzWICXTI1m9ssL4CIg',2,117661749484388352,'school','roster','{"class":"7 «А»","name":"Нұрлан Әбдіғалиев","person":"p-nurlan","picture":"eagle","role":"student"}');
INSERT INTO "sync_inbox" VALUES('Ddv1YzWICXTI1m9ssL4CIg',3,117661749484388352,'school','roster','{"class":"7 «А»","name":"Дана Оспанова","person":"p-dana","picture":"kite","role":"student"}');
INSERT INTO "sync_inbox" VALUES('Ddv1YzWICXTI1m9ssL4CIg',4,117661749484388352,'school','roster','{"class":"7 «А»","name":"Ерлан Қасымов","person":"p-yerlan","picture":"horse","role":"student"}');
INSERT INTO "sync_inbox" VALUES('ICmyilEgVz2VrzmNBDlGwQ',1,117657030892388352,'p-saule','mark','{"comment":"Жақсы! Екінші сұрақтағы таңбаға назар аудар.","device":"pebIw99eaxI5W6CyLDaYBw","of":6,"points":5,"seq":1,"student":"p-aigerim"}');
INSERT INTO "sync_inbox" VALUES('ICmyilEgVz2VrzmNBDlGwQ',2,117654671596388352,'p-dana','submission','{"answers":{"number":"-5/2","root":"b","same":["a","b"],"why":"Екі жағына бірдей санды қосамыз, сондықтан таңбасы өзгереді."},"language":"kk","lesson":"meaning","of":6,"pack":"algebra-7-linear","points":4,"task":"check","version":1,"waiting":2}');
CREATE TABLE sync_inbox_branch (
        device TEXT NOT NULL, seq INTEGER NOT NULL, time INTEGER NOT NULL, person TEXT NOT NULL,
        kind TEXT NOT NULL, body TEXT NOT NULL,
        PRIMARY KEY (device, seq, person, kind, body)) WITHOUT ROWID;
CREATE TABLE sync_journal (
        device TEXT NOT NULL, seq INTEGER NOT NULL, time INTEGER NOT NULL, person TEXT NOT NULL,
        kind TEXT NOT NULL, body TEXT NOT NULL, hash BLOB NOT NULL,
        PRIMARY KEY (device, seq)) WITHOUT ROWID;
INSERT INTO "sync_journal" VALUES('pebIw99eaxI5W6CyLDaYBw',1,117649952999145472,'p-aigerim','submission','{"answers":{"root":"b"},"language":"kk","lesson":"meaning","of":6,"pack":"algebra-7-linear","points":1,"task":"check","version":1,"waiting":0}',X'6AAEEB4AD595A03A888AD3FDAD186685199A1A39003643CC082C0354F45ECD4A');
INSERT INTO "sync_journal" VALUES('pebIw99eaxI5W6CyLDaYBw',2,117655615309938688,'p-aigerim','submission','{"answers":{"number":"-5/2","root":"b","same":["a","b"],"why":"Екі жағына бірдей санды қосамыз, сондықтан таңбасы өзгереді."},"language":"kk","lesson":"solving","of":4,"pack":"algebra-7-linear","points":4,"task":"practice","version":1,"waiting":0}',X'0FE9AD56F7B97431EC34825B58529E2785BEB07BB5F7FFEDB15ACE62B5DF1C26');
INSERT INTO "sync_journal" VALUES('pebIw99eaxI5W6CyLDaYBw',3,117655851239997440,'p-nurlan','submission','{"answers":{"number":"-2,5","root":"a"},"language":"kk","lesson":"meaning","of":6,"pack":"algebra-7-linear","points":1,"task":"check","version":1,"waiting":0}',X'DDA69A793C56537A9532CF2CE60C9BFC3F9D8D9CAB44021372D71D89B40AC0FF');
INSERT INTO "sync_journal" VALUES('pebIw99eaxI5W6CyLDaYBw',4,117661277622829056,'p-aigerim','submission','{"answers":{"number":"-5/2","root":"b","same":["a","b"],"why":"Екі жағына бірдей санды қосамыз, сондықтан таңбасы өзгереді."},"language":"kk","lesson":"solving","of":2,"pack":"algebra-7-linear","points":null,"task":"explain","version":1,"waiting":2}',X'E2A3F26DCE642A6AE13F975B597E22CDA346DF053C5DC2C0F6E3F48D9261F48C');
INSERT INTO "sync_journal" VALUES('pebIw99eaxI5W6CyLDaYBw',5,117661744765272064,'p-aigerim','submission','{"answers":{"number":"-5/2","root":"b","same":["a","b"],"why":"Екі жағына бірдей санды қосамыз, сондықтан таңбасы өзгереді."},"language":"kk","lesson":"problems","of":6,"pack":"algebra-7-linear","points":4,"task":"caravan","version":1,"waiting":2}',X'07235771C545BF79B8897CCE06111BF9A1AC9535C8E72529DE0485991E4E80F1');
INSERT INTO "sync_journal" VALUES('pebIw99eaxI5W6CyLDaYBw',6,117661749484716032,'p-aigerim','progress','{"lesson":"meaning","pack":"algebra-7-linear","position_s":61.5,"seen":true}',X'17D9CEBF9967316624E84D23BCB986D33A275CE4F0B8952B5A6EE6D315823ACC');
INSERT INTO "sync_journal" VALUES('pebIw99eaxI5W6CyLDaYBw',7,117661749485109248,'p-aigerim','progress','{"lesson":"solving","pack":"algebra-7-linear","position_s":24,"seen":false}',X'AD19FC09304B79B7B9D8494B333D3D852DBFAAFCBD8C3CE2D21C37F3B5711302');
CREATE TABLE sync_meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
INSERT INTO "sync_meta" VALUES('format',2);
CREATE TABLE sync_progress (
        device TEXT PRIMARY KEY, sent_seq INTEGER NOT NULL DEFAULT 0,
        resend_from INTEGER, last_time INTEGER NOT NULL DEFAULT 0,
        floor_ms INTEGER NOT NULL DEFAULT 0, offset_ms INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
INSERT INTO "sync_progress" VALUES('pebIw99eaxI5W6CyLDaYBw',4,NULL,117661749485109248,0,0);
CREATE TABLE sync_quarantine (
        device TEXT NOT NULL, seq INTEGER NOT NULL, code TEXT NOT NULL, detail TEXT NOT NULL,
        body TEXT NOT NULL, PRIMARY KEY (device, seq)) WITHOUT ROWID;
CREATE TABLE sync_receipt (
        device TEXT NOT NULL, seq INTEGER NOT NULL, hash BLOB NOT NULL, time_ms INTEGER NOT NULL,
        signature BLOB NOT NULL, PRIMARY KEY (device, seq)) WITHOUT ROWID;
INSERT INTO "sync_receipt" VALUES('pebIw99eaxI5W6CyLDaYBw',3,X'DDA69A793C56537A9532CF2CE60C9BFC3F9D8D9CAB44021372D71D89B40AC0FF',1795286116054,X'9D30E2D8894DDA22D2025C4396A2CB5255A65DA307978B7DC65C5A3707F457D6BF2E6E7CEE0EDF2A91D0EBF2DB59CB0CE24616138C590A623D33ED649C6AA20D');
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
