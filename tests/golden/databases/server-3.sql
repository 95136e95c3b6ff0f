BEGIN TRANSACTION;
CREATE TABLE audience (reader TEXT NOT NULL, serial INTEGER NOT NULL, PRIMARY KEY (reader, serial)) WITHOUT ROWID;
INSERT INTO "audience" VALUES('c:7А',3);
INSERT INTO "audience" VALUES('p:8jbqoPtO',1);
INSERT INTO "audience" VALUES('p:8jbqoPtO',4);
INSERT INTO "audience" VALUES('p:8jbqoPtO',6);
INSERT INTO "audience" VALUES('p:8jbqoPtO',7);
INSERT INTO "audience" VALUES('p:pcgCiqIV',2);
INSERT INTO "audience" VALUES('p:pcgCiqIV',5);
INSERT INTO "audience" VALUES('t:7А',1);
INSERT INTO "audience" VALUES('t:7А',2);
INSERT INTO "audience" VALUES('t:7А',4);
INSERT INTO "audience" VALUES('t:7А',5);
INSERT INTO "audience" VALUES('t:7А',6);
INSERT INTO "audience" VALUES('t:7А',7);
CREATE TABLE "branches" (
   "child" TEXT PRIMARY KEY,
   "parent" TEXT NOT NULL
);
CREATE TABLE "carried" (
   "fact" BLOB PRIMARY KEY
);
CREATE TABLE "code_uses" (
   "code" BLOB,
   "device" TEXT,
   PRIMARY KEY ("code", "device")
);
INSERT INTO "code_uses" VALUES(X'8D28580134EE02E6','Y7iTh0b8H-ad_1YpMwx55A');
INSERT INTO "code_uses" VALUES(X'75A37A964BD0BFB5','42U40qlH0aFsrC5-ajZSQg');
CREATE TABLE "codes" (
   "id" BLOB PRIMARY KEY,
   "request_key" BLOB,
   "answer_key" BLOB,
   "person_ids" TEXT,
   "laptops" INTEGER,
   "created_ms" INTEGER,
   "withdrawn" INTEGER
, "relay" INTEGER NOT NULL DEFAULT 0);
INSERT INTO "codes" VALUES(X'8D28580134EE02E6',X'6C71C88EBF87D2D366DA228E45B88A5C9F678FC0E5C1EF448CCD00410FC4A7B8',X'2A766A5FFC6F22F67714BAC1838F063F79ACD2669C0412E96C5D0427DAB14815','["8jbqoPtO", "pcgCiqIV"]',1,1788000000000,0,0);
INSERT INTO "codes" VALUES(X'75A37A964BD0BFB5',X'84E8607EE85800D4464AF7B494BE855196231C61AC3530DA68981349DCCEA55D',X'BAB74442816DEE57D701B344AFA718D7A395276C26B29AB0803B1EBC0B9AE97D','["-Sk42LnF"]',1,1788000000000,0,0);
CREATE TABLE "devices" (
   "id" TEXT PRIMARY KEY,
   "signing" BLOB NOT NULL,
   "sealing" BLOB NOT NULL,
   "name" TEXT NOT NULL,
   "enrolled_ms" INTEGER NOT NULL,
   "epoch" INTEGER NOT NULL,
   "last_contact_ms" INTEGER
);
INSERT INTO "devices" VALUES('Y7iTh0b8H-ad_1YpMwx55A',X'E8C5229B3767D70C96F189B83639EB0750C707500695775732CB09F974663C18',X'9DD54BB4DA0E53837FB2AC90E29C915FBC52C44D5BCE5F17283B474087A26B34','Laptop 1',1788000000000,0,1788000000000);
INSERT INTO "devices" VALUES('42U40qlH0aFsrC5-ajZSQg',X'8C36156ED539E992C11F186242660FAD09F9262AE68A7A4A1A43C30D2B03B5CF',X'12DA600F10C87193D8B10597789E2739BD356C55242D54119A890E535D94A91F','Laptop 1',1788000000000,0,1788000000000);
CREATE TABLE "grants" (
   "device" TEXT REFERENCES "devices"("id"),
   "person" TEXT REFERENCES "people"("id"),
   PRIMARY KEY ("device", "person")
);
INSERT INTO "grants" VALUES('Y7iTh0b8H-ad_1YpMwx55A','8jbqoPtO');
INSERT INTO "grants" VALUES('Y7iTh0b8H-ad_1YpMwx55A','pcgCiqIV');
INSERT INTO "grants" VALUES('42U40qlH0aFsrC5-ajZSQg','-Sk42LnF');
CREATE TABLE "guests" (
   "person" TEXT,
   "relay" TEXT,
   PRIMARY KEY ("person", "relay")
);
CREATE TABLE "journals" (
   "device" TEXT PRIMARY KEY,
   "seq" INTEGER,
   "hash" BLOB,
   "time_ms" INTEGER
);
INSERT INTO "journals" VALUES('7QH7qrYf-iKlTNz2a2E3rQ',3,X'11A022AF3CD4A51A1C4AFB6E36D6E8BFF00F259A68D4C762FCFD64AC4A86BA79',1788000000000);
INSERT INTO "journals" VALUES('Y7iTh0b8H-ad_1YpMwx55A',4,X'FCB4F88D5816F5F4F213E512D36CEE602B13247298ED4956556254C9E6671109',1788000000000);
INSERT INTO "journals" VALUES('42U40qlH0aFsrC5-ajZSQg',1,X'4F2BBCC519172ABC009F6C821F71AA3E8F744014DBC21BEEB58D4BBEFFDDCD5E',1788000000000);
CREATE TABLE "people" (
   "id" TEXT PRIMARY KEY,
   "name" TEXT NOT NULL,
   "role" TEXT NOT NULL,
   "class_name" TEXT NOT NULL,
   "picture" TEXT NOT NULL
, "school" TEXT NOT NULL DEFAULT '', "told" INTEGER NOT NULL DEFAULT 0);
INSERT INTO "people" VALUES('8jbqoPtO','Айару','student','7А','guitar','',0);
INSERT INTO "people" VALUES('pcgCiqIV','Нұрлан','student','7А','tree','',0);
INSERT INTO "people" VALUES('-Sk42LnF','Сәуле','teacher','7А','airplane','',0);
CREATE TABLE "publishers" (
   "key_id" TEXT PRIMARY KEY,
   "public_key" BLOB,
   "serial" INTEGER
);
CREATE TABLE "records" (
   "serial" INTEGER PRIMARY KEY,
   "device" TEXT NOT NULL,
   "seq" INTEGER NOT NULL,
   "time" INTEGER NOT NULL,
   "person" TEXT NOT NULL,
   "kind" TEXT NOT NULL,
   "body" TEXT NOT NULL,
   "hash" BLOB NOT NULL,
   "arrived_ms" INTEGER NOT NULL
);
INSERT INTO "records" VALUES(1,'7QH7qrYf-iKlTNz2a2E3rQ',1,117178368000000000,'8jbqoPtO','roster','{"class":"7А","name":"Айару","person":"8jbqoPtO","picture":"guitar","role":"student"}',X'BDA455CCE0169A71A2F9CF012F0C4EA433ED23237B046A8E2A716D25672C4E0C',1788000000000);
INSERT INTO "records" VALUES(2,'7QH7qrYf-iKlTNz2a2E3rQ',2,117178368000000001,'pcgCiqIV','roster','{"class":"7А","name":"Нұрлан","person":"pcgCiqIV","picture":"tree","role":"student"}',X'1339077FB3A546F745CA4B112786A10CB3CB0A6847EB12AF97FCCF149925CE61',1788000000000);
INSERT INTO "records" VALUES(3,'7QH7qrYf-iKlTNz2a2E3rQ',3,117178368000000002,'-Sk42LnF','roster','{"class":"7А","name":"Сәуле","person":"-Sk42LnF","picture":"airplane","role":"teacher"}',X'11A022AF3CD4A51A1C4AFB6E36D6E8BFF00F259A68D4C762FCFD64AC4A86BA79',1788000000000);
INSERT INTO "records" VALUES(4,'Y7iTh0b8H-ad_1YpMwx55A',1,117178368000000002,'8jbqoPtO','submission','{"answers":{"root":"5"},"language":"kk","lesson":"meaning","of":2,"pack":"algebra-7-linear","points":1,"task":"check","version":"1","waiting":1}',X'4DD7ACDAF855C84BA6EA6146C4E42EC4D2F9F644FF44C75E0633C2473EF945DB',1788000000000);
INSERT INTO "records" VALUES(5,'Y7iTh0b8H-ad_1YpMwx55A',2,117178368000000003,'pcgCiqIV','submission','{"answers":{"root":"7"},"language":"kk","lesson":"meaning","of":2,"pack":"algebra-7-linear","points":1,"task":"check","version":"1","waiting":1}',X'9F2EA4B21B0FEC27B4ADB06714EB7C9984C570B4C2721AC45474F61909859C7E',1788000000000);
INSERT INTO "records" VALUES(6,'Y7iTh0b8H-ad_1YpMwx55A',3,117178368000000004,'8jbqoPtO','progress','{"lesson":"meaning","pack":"algebra-7-linear","position_s":30,"seen":false}',X'95261753F76BB7E5283799040CC8916E574DA9CB5596CD17A6856378398BC44A',1788000000000);
INSERT INTO "records" VALUES(7,'42U40qlH0aFsrC5-ajZSQg',1,117178368000000005,'-Sk42LnF','mark','{"comment":"Жарайсың","device":"Y7iTh0b8H-ad_1YpMwx55A","of":5,"points":3,"seq":1,"student":"8jbqoPtO"}',X'4F2BBCC519172ABC009F6C821F71AA3E8F744014DBC21BEEB58D4BBEFFDDCD5E',1788000000000);
CREATE TABLE "refused" (
   "device" TEXT,
   "seq" INTEGER,
   "hash" BLOB,
   "code" TEXT,
   "content" BLOB,
   "time_ms" INTEGER,
   "chained" INTEGER,
   PRIMARY KEY ("device", "seq", "hash")
);
INSERT INTO "refused" VALUES('Y7iTh0b8H-ad_1YpMwx55A',4,X'FCB4F88D5816F5F4F213E512D36CEE602B13247298ED4956556254C9E6671109','record-not-permitted',X'7B2262223A7B226C6573736F6E223A2279222C227061636B223A2278222C22706F736974696F6E5F73223A312C227365656E223A66616C73657D2C2264223A225937695468306238482D61645F3159704D7778353541222C226B223A2270726F6772657373222C2270223A22702D737472616E676572222C2273223A342C2274223A3131373137383336383030303030303030357D',1788000000000,1);
CREATE TABLE "relayed" (
   "device" TEXT PRIMARY KEY,
   "via" TEXT NOT NULL,
   "server" TEXT NOT NULL,
   "keys" BLOB NOT NULL,
   "name" TEXT NOT NULL
);
CREATE TABLE "schools" (
   "id" TEXT PRIMARY KEY,
   "signing" BLOB NOT NULL,
   "sealing" BLOB NOT NULL,
   "name" TEXT NOT NULL,
   "parent" TEXT NOT NULL,
   "via" TEXT NOT NULL,
   "enrolled_ms" INTEGER NOT NULL,
   "last_contact_ms" INTEGER
);
CREATE TABLE "settings" (
   "name" TEXT PRIMARY KEY,
   "value" TEXT
);
INSERT INTO "settings" VALUES('school','Ақсу орта мектебі');
INSERT INTO "settings" VALUES('own-clock','117178368000000002');
CREATE TABLE "upstream_heads" (
   "upstream" TEXT,
   "device" TEXT,
   "seq" INTEGER NOT NULL,
   "hash" BLOB NOT NULL,
   "code" TEXT NOT NULL,
   PRIMARY KEY ("upstream", "device")
);
CREATE TABLE "upstream_refused" (
   "upstream" TEXT,
   "device" TEXT,
   "seq" INTEGER,
   "code" TEXT,
   PRIMARY KEY ("upstream", "device", "seq")
);
CREATE TABLE "upstreams" (
   "id" TEXT PRIMARY KEY,
   "signing" BLOB NOT NULL,
   "sealing" BLOB NOT NULL,
   "address" TEXT NOT NULL,
   "name" TEXT NOT NULL,
   "cursor" TEXT NOT NULL,
   "receipt" BLOB,
   "receipt_ms" INTEGER,
   "last_contact_ms" INTEGER
);
CREATE INDEX "idx_people_class_name"
    ON "people" ("class_name");
CREATE UNIQUE INDEX "idx_records_device_seq"
    ON "records" ("device", "seq");
CREATE INDEX "idx_branches_parent"
    ON "branches" ("parent");
CREATE INDEX "idx_relayed_via"
    ON "relayed" ("via");
COMMIT;
PRAGMA user_version = 3;
