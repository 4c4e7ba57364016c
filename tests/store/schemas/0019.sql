BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0019');
CREATE TABLE appointment (
	id VARCHAR NOT NULL, 
	expert_id VARCHAR NOT NULL, 
	role VARCHAR NOT NULL, 
	active BOOLEAN NOT NULL, 
	"by" VARCHAR, 
	made_at DATETIME NOT NULL, 
	CONSTRAINT pk_appointment PRIMARY KEY (id), 
	CONSTRAINT fk_appointment_expert_id FOREIGN KEY(expert_id) REFERENCES expert (id)
);
INSERT INTO "appointment" VALUES('a1','e1','curator',1,NULL,'2026-01-02 03:04:05.000000');
CREATE TABLE arrival (
	id VARCHAR NOT NULL, 
	field_id VARCHAR NOT NULL, 
	expert_id VARCHAR, 
	preset_id VARCHAR, 
	in_counting_area VARCHAR NOT NULL, 
	taken_on VARCHAR, 
	white_cells INTEGER, 
	size_bytes INTEGER, 
	sent BOOLEAN NOT NULL, 
	arrived_at DATETIME NOT NULL, 
	CONSTRAINT pk_arrival PRIMARY KEY (id), 
	CONSTRAINT fk_arrival_field_id FOREIGN KEY(field_id) REFERENCES field_of_view (id), 
	CONSTRAINT fk_arrival_expert_id FOREIGN KEY(expert_id) REFERENCES expert (id), 
	CONSTRAINT fk_arrival_preset_id FOREIGN KEY(preset_id) REFERENCES preset (id)
);
INSERT INTO "arrival" VALUES('ar1','f1','e1','ps1','yes','2026-01-02',3,4000000,1,'2026-01-02 03:04:05.000000');
CREATE TABLE audit_entry (
	seq INTEGER NOT NULL, 
	moment VARCHAR NOT NULL, 
	person VARCHAR, 
	action VARCHAR NOT NULL, 
	subject_class VARCHAR NOT NULL, 
	subject VARCHAR NOT NULL, 
	round_id VARCHAR, 
	value VARCHAR NOT NULL, 
	salt VARCHAR NOT NULL, 
	previous VARCHAR NOT NULL, 
	digest VARCHAR NOT NULL, 
	CONSTRAINT pk_audit_entry PRIMARY KEY (seq)
);
INSERT INTO "audit_entry" VALUES(0,'2026-11-23T03:11:26.125975Z',NULL,'began','workspace','19d72c7d7b4379c065d498ac2f8f6724',NULL,'0000000000000000000000000000000000000000000000000000000000000000','b9fec52960fe9874a0dc0ccaff949876','0000000000000000000000000000000000000000000000000000000000000000','2145e8f90a7df671a953b92b5b193953a10cf069d99d6500306f22cde14e2234');
INSERT INTO "audit_entry" VALUES(1,'2026-11-23T03:11:26.135132Z',NULL,'kept','taxonomy','ours@1',NULL,'0c7e1fe78cc87614e9a354b7015f22de8b28873ce263d8e31deca4d5e802c360','13f990ef6bda65dde02cbba002858519','2145e8f90a7df671a953b92b5b193953a10cf069d99d6500306f22cde14e2234','e04e61a109b5e48c9d9030430472622bcc8cd78a1ed5327016bc5b9f3699a7ec');
INSERT INTO "audit_entry" VALUES(2,'2026-11-23T03:11:26.136319Z',NULL,'saved','query','mine',NULL,'1b98d18719b99cf9bbeb5261ebf9a29939a14523cb4308e38cd63e60076351e7','9d20ef6c4217576e3b8224eade313a73','e04e61a109b5e48c9d9030430472622bcc8cd78a1ed5327016bc5b9f3699a7ec','cd771de153f327db125d964c241c24237c0da69a6eeaf999b7a72187d98d20ed');
INSERT INTO "audit_entry" VALUES(3,'2026-11-23T03:11:26.136906Z',NULL,'corrected','correction','k1',NULL,'a35b184f340223f25fafa4babc8135dd57be966e38e173fc9d1913e9c2296e31','67fd086a9aca70b2631edfd5189303cc','cd771de153f327db125d964c241c24237c0da69a6eeaf999b7a72187d98d20ed','da436fffa417757bb88c4be6ce5f05300d7fcacd4730ec816782505ec90963e9');
INSERT INTO "audit_entry" VALUES(4,'2026-11-23T03:11:26.137507Z','a','ruled','repeat_ruling','g1',NULL,'137d443f86a079823b534b1b40748e6f1afb10e33a4d48d2973cfcfbc97f5e91','e28b4f3a6652d594cc29c65ad6a0778c','da436fffa417757bb88c4be6ce5f05300d7fcacd4730ec816782505ec90963e9','939d21e66945814ae72a25298a944dc8d6d2c3493ccb031c4749e00b825b53a9');
INSERT INTO "audit_entry" VALUES(5,'2026-11-23T03:11:26.137972Z',NULL,'added','expert','e1',NULL,'1072edccc70c90b7f5267296c8cccedce0a2be18c8b229eb2ae1e3ee5fe03945','7ed0f3f3fce7098f23c11b1eafd1bd38','939d21e66945814ae72a25298a944dc8d6d2c3493ccb031c4749e00b825b53a9','3d1241832e3f0be3271cb891fdbfd6e94e59c2a3fda29e3d380e008ee3644959');
INSERT INTO "audit_entry" VALUES(6,'2026-11-23T03:11:26.150677Z',NULL,'appointed','appointment','a1',NULL,'a29224ab1e1d0ac965833f442403dd69dff2114f0f30990254ced1074f18e7df','bed3f03551515b1b430d92233d6b418d','3d1241832e3f0be3271cb891fdbfd6e94e59c2a3fda29e3d380e008ee3644959','a6f53546825fe937fd332138f1259030cab10c418459488dd0ed2ac065cd56f5');
INSERT INTO "audit_entry" VALUES(7,'2026-11-23T03:11:26.151711Z','e1','set-password','password','w1',NULL,'01f09fd9b8292507514a59f1eddb9ef3cd71007bef559db9e8623d8b4586d04b','40a532a489266bd6027aebde590f6ced','a6f53546825fe937fd332138f1259030cab10c418459488dd0ed2ac065cd56f5','1950f70000020df6f754f79429c683e035f6477d40b9582d31aa4d10e0439eab');
INSERT INTO "audit_entry" VALUES(8,'2026-11-23T03:11:26.152289Z','e1','signed-in','sign_in','n1',NULL,'8559b7e7c917b7802cb9587e2ba74704309a411d128a584303421d3bc153ec0b','f9ba03a4714c23ba836d643f47c6421a','1950f70000020df6f754f79429c683e035f6477d40b9582d31aa4d10e0439eab','8349b1ca25eea0e92ecc6d7bda548fa34f38b9cd78713cf1168eae8879835644');
INSERT INTO "audit_entry" VALUES(9,'2026-11-23T03:11:26.152962Z','e1','made-token','token','t1',NULL,'945e890b6cc3abe29001aac29d77d59331306c6563ccfd7d057c6fddc476776d','fbca5fbd158a6f564727a828fe50a473','8349b1ca25eea0e92ecc6d7bda548fa34f38b9cd78713cf1168eae8879835644','0efe050f03bfa41d8211acc6010f18a681923c8482f431908f8202da109472f5');
INSERT INTO "audit_entry" VALUES(10,'2026-11-23T03:11:26.153734Z','e1','invited','invitation','i1',NULL,'8758a82d23ed2e8b6ac99c66e7340ba846fd25f80c0627e16884e42a340e4765','121092fcd7ecaa34890d7b22679dfd08','0efe050f03bfa41d8211acc6010f18a681923c8482f431908f8202da109472f5','d5eacd5946c89db4f7ff0abe3955bf611ff808356038224460128b143aec3c33');
INSERT INTO "audit_entry" VALUES(11,'2026-11-23T03:11:26.165466Z','e1','ended','revocation','q1',NULL,'7492f332fd2588d3e7c9065cd9ed3ec0eb844e911475ab4957c78c8fdf7e1dbb','447d50b30d1c3d0ec44799c51f32f358','d5eacd5946c89db4f7ff0abe3955bf611ff808356038224460128b143aec3c33','c9e778186e6ff3c6f2b0ade6472f7eb852dc5502b3c21ad215b7f4c9b55f5447');
INSERT INTO "audit_entry" VALUES(12,'2026-11-23T03:11:26.170387Z',NULL,'opened','round','o1','o1','44cbf8b728bfaf9b54e69cd8c2049c05e603309b88bc1c0106536c277e32aa34','f2d58e085a5554140627fd95230dd176','c9e778186e6ff3c6f2b0ade6472f7eb852dc5502b3c21ad215b7f4c9b55f5447','4d13f7352556e83b4bd30d96784838b7bad879ed5330e6199eca0a3ce658374a');
INSERT INTO "audit_entry" VALUES(13,'2026-11-23T03:11:26.170387Z',NULL,'opened','round','closed','closed','6512955a09648eb636a491b21fbc8fccfde9327675836868694f8ddffba5cb69','1a43d45d1ef112ad25289c94541f0cc8','4d13f7352556e83b4bd30d96784838b7bad879ed5330e6199eca0a3ce658374a','3c6084cdec8608164a7379b44dc58af69108dc113844e3a68f7136f57d3e3df2');
INSERT INTO "audit_entry" VALUES(14,'2026-11-23T03:11:26.170387Z',NULL,'opened','round','o2','o2','4bccdc3ed94335cbeac0a15b909a28cee38404918e43753c545b0085b9af28bf','77eaeb1129385e2b1fd10eebb961043f','3c6084cdec8608164a7379b44dc58af69108dc113844e3a68f7136f57d3e3df2','c3266252dc8f9bb8e550eeb24b09413d41cca651c61aa00a6ce0bea11f8b5099');
INSERT INTO "audit_entry" VALUES(15,'2026-11-23T03:11:26.171243Z','e1','closed','closing','h1','o1','464ecd1da99022e6b43ee600386fa591bc30832471a266e47180f1a1793aece0','a14e2d552891c3a060e3755b072ea396','c3266252dc8f9bb8e550eeb24b09413d41cca651c61aa00a6ce0bea11f8b5099','d3dbaea82151bfe9168cf694652f4961dd087af42543cc275733d0eff5028431');
INSERT INTO "audit_entry" VALUES(16,'2026-11-23T03:11:26.172442Z','e1','answered','label','l0','o1','7c3a967000d80c0910f3d1c533ab21c1ed0edcbc0b360ecf5e52293d5e1a9c6a','9f53ebeb22e9c8f13e4a50cb48e1eb6e','d3dbaea82151bfe9168cf694652f4961dd087af42543cc275733d0eff5028431','c1ffd7a9f3f085145e6b0cbb83705723c387608e38a3c25ca4cb473bce7a597b');
INSERT INTO "audit_entry" VALUES(17,'2026-11-23T03:11:26.172442Z','e1','took-back','label','l1','o2','821244e98af934461d6e64d6df4c9ae1150e5fb8fb46d947cc3101ac405c31ae','e9d65e72671b821399ddfc819067f35c','c1ffd7a9f3f085145e6b0cbb83705723c387608e38a3c25ca4cb473bce7a597b','e4c7fe99a894a58fcb6f8bee0d89733b22e7cf862f2f466a806d9b24547daf3d');
INSERT INTO "audit_entry" VALUES(18,'2026-11-23T03:11:26.174293Z','e1','outlined','mask','m2',NULL,'29db03a70696e90b26d82d5ba39c8122dfa79c5d5c996200b7084cd386d0bc17','1291f4a6e15d88e76b6a45b786da61c9','e4c7fe99a894a58fcb6f8bee0d89733b22e7cf862f2f466a806d9b24547daf3d','e4e98a35b365a6dcdde038792191b860eb91ca981b8ac72ead354d1e3c058241');
INSERT INTO "audit_entry" VALUES(19,'2026-11-23T03:11:26.198308Z',NULL,'selected','mask_selection','s2',NULL,'c1b59c59aed1c50c4a64bbe12d365a1eabc3fb3d7b79567049d56f45e25164ce','c87dfed37188d13252df4bfd23276f8f','e4e98a35b365a6dcdde038792191b860eb91ca981b8ac72ead354d1e3c058241','66373dabccbd11a6182e07d3acde1e503d1f744ba5dabd04aee42bf4f427ec1e');
INSERT INTO "audit_entry" VALUES(20,'2026-11-23T03:11:26.201855Z',NULL,'released','release','x1',NULL,'2e544f5a2948efa4b516ec964e5b4ae1a2b6a5f5612ffd21f2c1838c645a22fd','9901465e650f3f1ff6fcd32b0b497eca','66373dabccbd11a6182e07d3acde1e503d1f744ba5dabd04aee42bf4f427ec1e','5caca6c6f3e4647bb51819a38810c45a5bd0d1fe27f2ba24af4aa091602ec654');
INSERT INTO "audit_entry" VALUES(21,'2026-11-23T03:11:26.219166Z','e1','linked','identity','y2',NULL,'fc7803e4ab0a033eba009301aec296706af74855c1e17f3a6cff30bcdb25c674','4c0645b4fb513f80f39fdfba8cc1a381','5caca6c6f3e4647bb51819a38810c45a5bd0d1fe27f2ba24af4aa091602ec654','c482371a2abe5f76695828db0fab3c23995f20ee02c676343e806f3358a20a42');
INSERT INTO "audit_entry" VALUES(22,'2026-11-23T03:11:26.219669Z','e1','handed-in','hand_in','h2','o1','5a6bd33880a55e93d33a66438ed67a2e832fa20a82e656a3b6c9f7fd818e76cd','0beec56e52e7b062b935351161aa73a4','c482371a2abe5f76695828db0fab3c23995f20ee02c676343e806f3358a20a42','03589d5a48267f0d6f29baf2142af8d51fbe6b807c698e4ccdd0086a7bc03318');
INSERT INTO "audit_entry" VALUES(23,'2026-11-23T03:11:26.220055Z','e1','shown','showing','y1','o1','83d1ef83204e9f57759ca58f18b93cc40818bf62cb6526d1fd27ca2f7d2a401a','55d17942937a2f06129e09a98db088c2','03589d5a48267f0d6f29baf2142af8d51fbe6b807c698e4ccdd0086a7bc03318','b02ad456a4eb982a79707ab48b4926db793f5761e4a9a5fe8f488830436ffdc5');
INSERT INTO "audit_entry" VALUES(24,'2026-11-23T03:11:26.220442Z','e1','sorted','gallery_label','g1',NULL,'9c44cb2d07cc8dc822db12359c7248506349d042958f0e45d8182042f40e9a8f','cc56eef2cf17382b61141c84f6c39cab','b02ad456a4eb982a79707ab48b4926db793f5761e4a9a5fe8f488830436ffdc5','25c06736841508d69ed874aacb4f216e036859cb056cf14263b81460d02af798');
INSERT INTO "audit_entry" VALUES(25,'2026-11-23T03:11:26.220800Z','e1','boxed','box_event','b1',NULL,'5088efa769c99485b35a3bc168fc163f40f8140ca51620929746d265442106a8','a557f58747d976b5fb60c2db9ac9af2c','25c06736841508d69ed874aacb4f216e036859cb056cf14263b81460d02af798','33f08083706c7cd14764fa3b61cbcfb2abd0ed7d581b879a66999c968fe21981');
INSERT INTO "audit_entry" VALUES(26,'2026-11-23T03:58:14.405820Z',NULL,'kept','document','d2',NULL,'efbfab3fe7d58ff6a16aaf2cbaa5d52e0539b4e26e7131443c14193a8bca6b3f','721e405c5144346cb037d5d1b5eb3281','33f08083706c7cd14764fa3b61cbcfb2abd0ed7d581b879a66999c968fe21981','722cf0f2d3c4c6cadfb53751851d2ab7a37f4401b49f7652baf7715e6072beb7');
INSERT INTO "audit_entry" VALUES(27,'2026-11-23T11:36:14.659985Z','e1','withdrew','withdrawal','wd1',NULL,'a881ded64f0d4f4b9f978415826b7a59d6b9b43a5e6be7e1b50710b64298bb02','e5148e6f105dd584f1e68e384879cc3c','722cf0f2d3c4c6cadfb53751851d2ab7a37f4401b49f7652baf7715e6072beb7','b54b6a6701ed62816d54aa18f5abd54221dec75b80179320aad232ccafa84627');
INSERT INTO "audit_entry" VALUES(28,'2026-11-23T17:31:16.546669Z','e1','received','erratum','z1',NULL,'462b9bd36753fb8d00e320a001ad7e849d1d86dcd0c0d61fdf0b72b8b2ed5215','06758532d1f4879c18bee5fb70f9fdd6','b54b6a6701ed62816d54aa18f5abd54221dec75b80179320aad232ccafa84627','7a589726ebcdb3ef23a3df5572302ed029cc17f2f587decc966e5ea95efdf880');
INSERT INTO "audit_entry" VALUES(29,'2026-11-23T17:31:16.547540Z','e1','replied','erratum_answer','z2',NULL,'8702eac99949b9655af552afeb468034efd97305d7c44ab74be3b53133b2a700','06581ec01be2f7fa048312aab4262a8a','7a589726ebcdb3ef23a3df5572302ed029cc17f2f587decc966e5ea95efdf880','e433872c40f3ff7ebf331474a911edb278ec3329dde9f906ed1f229095627123');
INSERT INTO "audit_entry" VALUES(30,'2026-11-23T17:31:16.548045Z','e1','started','job_order','j1',NULL,'e4b8ac4180336f54ca2d69822e0aeee6797e9936915e5f6e9a557e0f51327c41','ffe040f990503e60635c3dc94bee0b20','e433872c40f3ff7ebf331474a911edb278ec3329dde9f906ed1f229095627123','38a20ac28381388871173e0182815ca2f6b31a2985d990c32718d0dcf0f0d98d');
INSERT INTO "audit_entry" VALUES(31,'2026-11-23T17:31:16.548711Z','e1','stopped','job_event','je2',NULL,'116b44fae8a886f27aab65e2e5cb7c920acfb3a61312d70c7fc65af2df00bd74','f432b587f7dfe6b77285a67d8a81db5c','38a20ac28381388871173e0182815ca2f6b31a2985d990c32718d0dcf0f0d98d','c50baf60c290cd4f36f77de94ca5dc234053cb9b4bb83a946ed88641a135ff68');
INSERT INTO "audit_entry" VALUES(32,'2026-11-23T17:41:12.562250Z',NULL,'corrected','setup_correction','sc1',NULL,'481efdcfa88cbaec1dbab50dab8b0fba1cace09d36fe920b4e0a8e603757df5c','da3992fd5d007a45d07a51002c82fc5f','c50baf60c290cd4f36f77de94ca5dc234053cb9b4bb83a946ed88641a135ff68','4769ec47252ed7b543101dda4d4f660303288f9a21bb45819d7cced36f22d70c');
INSERT INTO "audit_entry" VALUES(33,'2026-11-23T21:05:27.744150Z','e1','kept','preset','ps1',NULL,'4384ec51ffaf7ded447e459285e0ee1d638ec2f631a34f7eaee551799bc5cfd0','d6fafae78e0b2b58bf4d9b8056369b6d','4769ec47252ed7b543101dda4d4f660303288f9a21bb45819d7cced36f22d70c','466c1174a7e04d4203a8ca4af3ba43b83199b2e05779d9a33f1194a38e8650ea');
INSERT INTO "audit_entry" VALUES(34,'2026-11-23T21:05:27.744977Z','e1','captured','arrival','ar1',NULL,'97f95ba99dc45f9709d043401357a392b587aa7d75e1eebb4820a445395e05f0','c7171ccea2447ccdad6b4cd5bf15ecf3','466c1174a7e04d4203a8ca4af3ba43b83199b2e05779d9a33f1194a38e8650ea','66c1fcb830c401de109b9e14f2848c822b76e9756b656665063e5928ee1cdbdf');
CREATE TABLE box_event (
	id VARCHAR NOT NULL, 
	field_id VARCHAR NOT NULL, 
	expert_id VARCHAR NOT NULL, 
	subject VARCHAR NOT NULL, 
	act VARCHAR NOT NULL, 
	place JSON, 
	cell_id VARCHAR, 
	event VARCHAR NOT NULL, 
	given_at DATETIME NOT NULL, 
	CONSTRAINT pk_box_event PRIMARY KEY (id), 
	CONSTRAINT fk_box_event_cell_id FOREIGN KEY(cell_id) REFERENCES cell (id), 
	CONSTRAINT fk_box_event_expert_id FOREIGN KEY(expert_id) REFERENCES expert (id), 
	CONSTRAINT fk_box_event_field_id FOREIGN KEY(field_id) REFERENCES field_of_view (id)
);
INSERT INTO "box_event" VALUES('b1','f1','e1','c1','move','{"left":1,"top":2,"right":3,"bottom":5}','c2','00000000-0000-4000-8000-000000000001','2026-01-02 03:04:05.000000');
CREATE TABLE capture (
	id VARCHAR NOT NULL, 
	microscope VARCHAR NOT NULL, 
	objective_magnification FLOAT, 
	camera VARCHAR NOT NULL, 
	micrometres_per_pixel FLOAT, 
	scale_source VARCHAR NOT NULL, 
	quarter_turns INTEGER NOT NULL, 
	CONSTRAINT pk_capture PRIMARY KEY (id)
);
INSERT INTO "capture" VALUES('k1','Olympus CX18',NULL,'unknown',NULL,'unknown',0);
CREATE TABLE "cell" (
	id VARCHAR NOT NULL, 
	extent JSON NOT NULL, 
	box JSON NOT NULL, 
	score FLOAT, 
	found_by VARCHAR NOT NULL, 
	field_id VARCHAR NOT NULL, 
	crop VARCHAR, 
	sharpness FLOAT, 
	average_hash VARCHAR, 
	perceptual_hash VARCHAR, 
	run_id VARCHAR NOT NULL, 
	origin VARCHAR, agreed JSON DEFAULT '[]' NOT NULL, 
	CONSTRAINT pk_cell PRIMARY KEY (id), 
	CONSTRAINT fk_cell_field_id FOREIGN KEY(field_id) REFERENCES field_of_view (id), 
	CONSTRAINT fk_cell_run_id FOREIGN KEY(run_id) REFERENCES run (id)
);
INSERT INTO "cell" VALUES('c1','{"left": 1, "top": 2, "right": 3, "bottom": 5}','{"left": 1, "top": 2, "right": 3, "bottom": 5}',0.5,'color-filter','f1','d',2.5,'ff','0f','r1',NULL,'[]');
INSERT INTO "cell" VALUES('c2','{"left": 1, "top": 2, "right": 3, "bottom": 5}','{"left": 1, "top": 2, "right": 3, "bottom": 5}',NULL,'expert','f1','d',1.5,'ff','0f','r1',NULL,'[]');
INSERT INTO "cell" VALUES('barecell','{"left":-3,"top":0,"right":572,"bottom":575}','{"left":-3,"top":0,"right":572,"bottom":575}',NULL,'source','bare',NULL,NULL,NULL,NULL,'r1','66_1.bmp','[]');
CREATE TABLE closing (
	id VARCHAR NOT NULL, 
	round_id VARCHAR NOT NULL, 
	"by" VARCHAR, 
	closed_at DATETIME NOT NULL, 
	CONSTRAINT pk_closing PRIMARY KEY (id), 
	CONSTRAINT fk_closing_round_id FOREIGN KEY(round_id) REFERENCES round (id)
);
INSERT INTO "closing" VALUES('h1','o1','e1','2026-01-02 03:04:05.000000');
CREATE TABLE correction (
	id VARCHAR NOT NULL, 
	smear_id VARCHAR NOT NULL, 
	facts JSON NOT NULL, 
	made_at DATETIME NOT NULL, 
	run_id VARCHAR NOT NULL, 
	CONSTRAINT pk_correction PRIMARY KEY (id), 
	CONSTRAINT fk_correction_run_id FOREIGN KEY(run_id) REFERENCES run (id), 
	CONSTRAINT fk_correction_smear_id FOREIGN KEY(smear_id) REFERENCES smear (id)
);
INSERT INTO "correction" VALUES('k1','s1','{"stain":"wright"}','2026-01-02 03:04:05.000000','r1');
CREATE TABLE covered_field (
	id VARCHAR NOT NULL, 
	smear_id VARCHAR NOT NULL, 
	field_id VARCHAR NOT NULL, 
	covered_by VARCHAR NOT NULL, 
	run_id VARCHAR NOT NULL, 
	CONSTRAINT pk_covered_field PRIMARY KEY (id), 
	CONSTRAINT fk_covered_field_covered_by FOREIGN KEY(covered_by) REFERENCES field_of_view (id), 
	CONSTRAINT fk_covered_field_field_id FOREIGN KEY(field_id) REFERENCES field_of_view (id), 
	CONSTRAINT fk_covered_field_run_id FOREIGN KEY(run_id) REFERENCES run (id), 
	CONSTRAINT fk_covered_field_smear_id FOREIGN KEY(smear_id) REFERENCES smear (id)
);
INSERT INTO "covered_field" VALUES('v1','s1','f1','f1','r1');
CREATE TABLE cross_repeat (
	id VARCHAR NOT NULL, 
	cell_id VARCHAR NOT NULL, 
	other_id VARCHAR NOT NULL, 
	edge JSON NOT NULL, 
	run_id VARCHAR NOT NULL, 
	CONSTRAINT pk_cross_repeat PRIMARY KEY (id), 
	CONSTRAINT fk_cross_repeat_cell_id FOREIGN KEY(cell_id) REFERENCES cell (id), 
	CONSTRAINT fk_cross_repeat_other_id FOREIGN KEY(other_id) REFERENCES cell (id), 
	CONSTRAINT fk_cross_repeat_run_id FOREIGN KEY(run_id) REFERENCES run (id)
);
INSERT INTO "cross_repeat" VALUES('z1','c1','c2','{"a":"c1","b":"c2","average_hash_distance":3,"perceptual_hash_distance":4,"correlation":0.97,"evidence":"registration","warp":[1.0,0.0,0.25,0.0,1.0,-0.5]}','r1');
CREATE TABLE document (
	id VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	title VARCHAR NOT NULL, 
	digest VARCHAR NOT NULL, 
	media_type VARCHAR NOT NULL, 
	made_at DATETIME NOT NULL, 
	run_id VARCHAR NOT NULL, 
	CONSTRAINT pk_document PRIMARY KEY (id), 
	CONSTRAINT fk_document_run_id FOREIGN KEY(run_id) REFERENCES run (id)
);
INSERT INTO "document" VALUES('d1','summary','t','e','text/html','2026-01-02 03:04:05.000000','r1');
INSERT INTO "document" VALUES('d2','reference-intervals','t','e','text/plain','2026-01-02 03:04:05.000000','r1');
CREATE TABLE erratum (
	id VARCHAR NOT NULL, 
	release_id VARCHAR NOT NULL, 
	cell_id VARCHAR NOT NULL, 
	told_as VARCHAR NOT NULL, 
	label VARCHAR, 
	term VARCHAR, 
	proposed VARCHAR NOT NULL, 
	why VARCHAR NOT NULL, 
	reporter VARCHAR NOT NULL, 
	"by" VARCHAR NOT NULL, 
	received_at DATETIME NOT NULL, 
	CONSTRAINT pk_erratum PRIMARY KEY (id), 
	CONSTRAINT fk_erratum_release_id FOREIGN KEY(release_id) REFERENCES release (id), 
	CONSTRAINT fk_erratum_cell_id FOREIGN KEY(cell_id) REFERENCES cell (id)
);
INSERT INTO "erratum" VALUES('z1','x1','c1','c9','monocyte','monocyte','basophil','granules','','e1','2026-01-02 03:04:05.000000');
CREATE TABLE erratum_answer (
	id VARCHAR NOT NULL, 
	erratum_id VARCHAR NOT NULL, 
	state VARCHAR NOT NULL, 
	reason VARCHAR NOT NULL, 
	"by" VARCHAR NOT NULL, 
	given_at DATETIME NOT NULL, 
	CONSTRAINT pk_erratum_answer PRIMARY KEY (id), 
	CONSTRAINT fk_erratum_answer_erratum_id FOREIGN KEY(erratum_id) REFERENCES erratum (id)
);
INSERT INTO "erratum_answer" VALUES('z2','z1','accepted','','e1','2026-01-02 03:04:05.000000');
CREATE TABLE expert (
	id VARCHAR NOT NULL, 
	handle VARCHAR NOT NULL, 
	role VARCHAR NOT NULL, 
	simulated BOOLEAN NOT NULL, 
	CONSTRAINT pk_expert PRIMARY KEY (id)
);
INSERT INTO "expert" VALUES('e1','a','expert',0);
CREATE TABLE "field_of_view" (
	id VARCHAR NOT NULL, 
	smear_id VARCHAR NOT NULL, 
	capture_id VARCHAR NOT NULL, 
	received VARCHAR, 
	digest VARCHAR, 
	pixels VARCHAR, 
	media_type VARCHAR, 
	quarter_turns INTEGER NOT NULL, 
	width_px INTEGER, 
	height_px INTEGER, 
	red_cell_diameter_px FLOAT, 
	quality JSON, 
	exif JSON NOT NULL, 
	icc_profile VARCHAR, 
	stripped JSON NOT NULL, 
	origin VARCHAR, 
	crop_only BOOLEAN NOT NULL, 
	ingested_at DATETIME NOT NULL, 
	run_id VARCHAR NOT NULL, 
	CONSTRAINT pk_field_of_view PRIMARY KEY (id), 
	CONSTRAINT fk_field_of_view_smear_id FOREIGN KEY(smear_id) REFERENCES smear (id), 
	CONSTRAINT fk_field_of_view_capture_id FOREIGN KEY(capture_id) REFERENCES capture (id), 
	CONSTRAINT fk_field_of_view_run_id FOREIGN KEY(run_id) REFERENCES run (id)
);
INSERT INTO "field_of_view" VALUES('f1','s1','k1','a','b','c','image/jpeg',0,8,6,NULL,'{"focus": 1.0, "brightness": 0.5, "clipped_dark": 0.0, "clipped_bright": 0.0, "cast_red": 1.0, "cast_blue": 1.0}','{"make": "SAMSUNG", "model": null, "orientation": 6, "f_number": null, "focal_length_mm": null, "iso": null, "exposure_seconds": null}',NULL,'["EXIF:Make"]','a.jpg',0,'2026-01-02 03:04:05.000000','r1');
INSERT INTO "field_of_view" VALUES('bare','s1','k1',NULL,NULL,NULL,NULL,0,NULL,NULL,NULL,'null','{"make":null,"model":null,"orientation":null,"f_number":null,"focal_length_mm":null,"iso":null,"exposure_seconds":null}',NULL,'[]','20160720_232423',0,'2026-01-02 03:04:05.000000','r1');
CREATE TABLE gallery_label (
	id VARCHAR NOT NULL, 
	cell_id VARCHAR NOT NULL, 
	expert_id VARCHAR NOT NULL, 
	taxonomy VARCHAR NOT NULL, 
	term VARCHAR NOT NULL, 
	given_at DATETIME NOT NULL, 
	event VARCHAR NOT NULL, 
	withdrawn BOOLEAN NOT NULL, 
	look VARCHAR NOT NULL, 
	role VARCHAR NOT NULL, 
	CONSTRAINT pk_gallery_label PRIMARY KEY (id), 
	CONSTRAINT fk_gallery_label_cell_id FOREIGN KEY(cell_id) REFERENCES cell (id), 
	CONSTRAINT fk_gallery_label_expert_id FOREIGN KEY(expert_id) REFERENCES expert (id)
);
INSERT INTO "gallery_label" VALUES('g1','c1','e1','raabin@1','monocyte','2026-01-02 03:04:05.000000','00000000-0000-4000-8000-000000000002',0,'gallery','expert');
CREATE TABLE hand_in (
	id VARCHAR NOT NULL, 
	round_id VARCHAR NOT NULL, 
	expert_id VARCHAR NOT NULL, 
	handed_at DATETIME NOT NULL, 
	CONSTRAINT pk_hand_in PRIMARY KEY (id), 
	CONSTRAINT fk_hand_in_round_id FOREIGN KEY(round_id) REFERENCES round (id), 
	CONSTRAINT fk_hand_in_expert_id FOREIGN KEY(expert_id) REFERENCES expert (id)
);
INSERT INTO "hand_in" VALUES('h2','o1','e1','2026-01-02 03:04:05.000000');
CREATE TABLE identity (
	id VARCHAR NOT NULL, 
	expert_id VARCHAR NOT NULL, 
	made_at DATETIME NOT NULL, 
	CONSTRAINT pk_identity PRIMARY KEY (id), 
	CONSTRAINT fk_identity_expert_id FOREIGN KEY(expert_id) REFERENCES expert (id)
);
INSERT INTO "identity" VALUES('y2','e1','2026-01-02 03:04:05.000000');
CREATE TABLE invitation (
	id VARCHAR NOT NULL, 
	role VARCHAR NOT NULL, 
	handle VARCHAR, 
	digest VARCHAR NOT NULL, 
	"by" VARCHAR, 
	made_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	CONSTRAINT pk_invitation PRIMARY KEY (id)
);
INSERT INTO "invitation" VALUES('i1','expert',NULL,'f','e1','2026-01-02 03:04:05.000000','2026-01-02 03:04:05.000000');
CREATE TABLE job_event (
	id VARCHAR NOT NULL, 
	job_id VARCHAR NOT NULL, 
	number INTEGER NOT NULL, 
	act VARCHAR NOT NULL, 
	worker VARCHAR, 
	"by" VARCHAR, 
	text VARCHAR NOT NULL, 
	detail JSON NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_job_event PRIMARY KEY (id), 
	CONSTRAINT fk_job_event_job_id FOREIGN KEY(job_id) REFERENCES job_order (id)
);
INSERT INTO "job_event" VALUES('je1','j1',1,'begun','w:1',NULL,'','{}','2026-01-02 03:04:05.000000');
INSERT INTO "job_event" VALUES('je2','j1',2,'stop-asked',NULL,'e1','enough','{}','2026-01-02 03:04:05.000000');
CREATE TABLE job_order (
	id VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	parameters JSON NOT NULL, 
	"by" VARCHAR, 
	asked_at DATETIME NOT NULL, 
	CONSTRAINT pk_job_order PRIMARY KEY (id)
);
INSERT INTO "job_order" VALUES('j1','detect','{"side":64,"again":false}','e1','2026-01-02 03:04:05.000000');
CREATE TABLE job_pulse (
	job_id VARCHAR NOT NULL, 
	worker VARCHAR NOT NULL, 
	lease_until DATETIME NOT NULL, 
	room VARCHAR NOT NULL, 
	done INTEGER NOT NULL, 
	total INTEGER NOT NULL, 
	CONSTRAINT pk_job_pulse PRIMARY KEY (job_id), 
	CONSTRAINT fk_job_pulse_job_id FOREIGN KEY(job_id) REFERENCES job_order (id)
);
CREATE TABLE "label" (
	id VARCHAR NOT NULL, 
	cell_id VARCHAR NOT NULL, 
	expert_id VARCHAR NOT NULL, 
	round_id VARCHAR NOT NULL, 
	purpose VARCHAR NOT NULL, 
	term VARCHAR NOT NULL, 
	given_at DATETIME NOT NULL, 
	seconds FLOAT, 
	comment VARCHAR NOT NULL, 
	supersedes VARCHAR, 
	run_id VARCHAR NOT NULL, event VARCHAR, withdrawn BOOLEAN DEFAULT '0' NOT NULL, look VARCHAR DEFAULT 'single' NOT NULL, turned INTEGER DEFAULT '0' NOT NULL, received_at DATETIME, 
	CONSTRAINT pk_label PRIMARY KEY (id), 
	CONSTRAINT fk_label_cell_id FOREIGN KEY(cell_id) REFERENCES cell (id), 
	CONSTRAINT fk_label_expert_id FOREIGN KEY(expert_id) REFERENCES expert (id), 
	CONSTRAINT fk_label_supersedes FOREIGN KEY(supersedes) REFERENCES label (id), 
	CONSTRAINT fk_label_round_id FOREIGN KEY(round_id) REFERENCES round (id), 
	CONSTRAINT fk_label_run_id FOREIGN KEY(run_id) REFERENCES run (id)
);
INSERT INTO "label" VALUES('l0','c2','e1','o1','reading','monocyte','2026-01-02 03:04:05.000000',NULL,'',NULL,'r1','l0',0,'single',0,NULL);
INSERT INTO "label" VALUES('l1','c1','e1','o2','repeat','','2026-01-02 03:04:05.000000',1.5,'no',NULL,'r1','v1',1,'page',2,NULL);
CREATE TABLE "mask" (
	id VARCHAR NOT NULL, 
	cell_id VARCHAR NOT NULL, 
	part VARCHAR NOT NULL, 
	height_px INTEGER NOT NULL, 
	width_px INTEGER NOT NULL, 
	run_lengths JSON NOT NULL, 
	method VARCHAR NOT NULL, 
	failure VARCHAR, 
	supersedes VARCHAR, 
	run_id VARCHAR NOT NULL, expert_id VARCHAR CONSTRAINT fk_mask_expert_id REFERENCES expert (id), 
	CONSTRAINT pk_mask PRIMARY KEY (id), 
	CONSTRAINT fk_mask_cell_id FOREIGN KEY(cell_id) REFERENCES cell (id), 
	CONSTRAINT fk_mask_supersedes FOREIGN KEY(supersedes) REFERENCES mask (id), 
	CONSTRAINT fk_mask_run_id FOREIGN KEY(run_id) REFERENCES run (id)
);
INSERT INTO "mask" VALUES('m1','c1','nucleus',2,2,'[1, 3]','best',NULL,NULL,'r1',NULL);
INSERT INTO "mask" VALUES('m2','c1','nucleus',2,2,'[1,3]','best',NULL,'m1','r1','e1');
CREATE TABLE mask_selection (
	id VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	taxonomy VARCHAR NOT NULL, 
	level VARCHAR NOT NULL, 
	quotas JSON NOT NULL, 
	whole_only JSON NOT NULL, 
	seed INTEGER NOT NULL, 
	cells JSON NOT NULL, 
	terms JSON NOT NULL, 
	made_at DATETIME NOT NULL, 
	run_id VARCHAR NOT NULL, 
	CONSTRAINT pk_mask_selection PRIMARY KEY (id), 
	CONSTRAINT fk_mask_selection_run_id FOREIGN KEY(run_id) REFERENCES run (id)
);
INSERT INTO "mask_selection" VALUES('s2','few','raabin@1','five-class','{"monocyte":2}','["basophil"]',3,'["c1"]','["monocyte"]','2026-01-02 03:04:05.000000','r1');
CREATE TABLE outcome (
	id VARCHAR NOT NULL, 
	run_id VARCHAR NOT NULL, 
	room VARCHAR NOT NULL, 
	subject VARCHAR NOT NULL, 
	produced VARCHAR, 
	code VARCHAR, 
	message VARCHAR NOT NULL, 
	finished_at DATETIME NOT NULL, 
	CONSTRAINT pk_outcome PRIMARY KEY (id), 
	CONSTRAINT fk_outcome_run_id FOREIGN KEY(run_id) REFERENCES run (id)
);
INSERT INTO "outcome" VALUES('u1','r1','detect','f1',NULL,NULL,'2 cells','2026-01-02 03:04:05.000000');
CREATE TABLE password (
	id VARCHAR NOT NULL, 
	expert_id VARCHAR NOT NULL, 
	hash VARCHAR NOT NULL, 
	made_at DATETIME NOT NULL, 
	CONSTRAINT pk_password PRIMARY KEY (id), 
	CONSTRAINT fk_password_expert_id FOREIGN KEY(expert_id) REFERENCES expert (id)
);
INSERT INTO "password" VALUES('w1','e1','$argon2id$','2026-01-02 03:04:05.000000');
CREATE TABLE preset (
	id VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	microscope VARCHAR NOT NULL, 
	objective_magnification FLOAT, 
	camera VARCHAR, 
	adapter VARCHAR NOT NULL, 
	micrometres_per_pixel FLOAT, 
	scale_source VARCHAR NOT NULL, 
	quarter_turns INTEGER NOT NULL, 
	expert_id VARCHAR, 
	made_at DATETIME NOT NULL, 
	CONSTRAINT pk_preset PRIMARY KEY (id), 
	CONSTRAINT fk_preset_expert_id FOREIGN KEY(expert_id) REFERENCES expert (id)
);
INSERT INTO "preset" VALUES('ps1','CX18 and phone','Olympus CX18',100.0,NULL,'printed',0.1,'stage-micrometer',1,'e1','2026-01-02 03:04:05.000000');
CREATE TABLE "query" (
	id VARCHAR NOT NULL, 
	title VARCHAR NOT NULL, 
	standing JSON NOT NULL, 
	terms JSON NOT NULL, 
	smears JSON NOT NULL, 
	setups JSON NOT NULL, 
	kept BOOLEAN, 
	with_masks BOOLEAN, 
	with_pixels BOOLEAN, 
	round VARCHAR, 
	CONSTRAINT pk_query PRIMARY KEY (id)
);
INSERT INTO "query" VALUES('mine','my cells','["disputed"]','["lymphocyte"]','[]','[]',1,NULL,NULL,NULL);
CREATE TABLE release (
	id VARCHAR NOT NULL, 
	version VARCHAR NOT NULL, 
	taxonomy VARCHAR NOT NULL, 
	level VARCHAR NOT NULL, 
	license VARCHAR NOT NULL, 
	counts JSON NOT NULL, 
	splits JSON NOT NULL, 
	files JSON NOT NULL, 
	manifest VARCHAR NOT NULL, 
	simulated BOOLEAN NOT NULL, 
	sealed_at DATETIME NOT NULL, 
	run_id VARCHAR NOT NULL, about JSON DEFAULT '{}' NOT NULL, contents VARCHAR, formats JSON DEFAULT '[]' NOT NULL, leaks JSON DEFAULT '{}' NOT NULL, 
	CONSTRAINT pk_release PRIMARY KEY (id), 
	CONSTRAINT fk_release_run_id FOREIGN KEY(run_id) REFERENCES run (id)
);
INSERT INTO "release" VALUES('x1','1','raabin@1','five-class','CC-BY-4.0','{"train": {"monocyte": 1}}','{"assignment": {"s1": "train"}, "rule": "by hand", "seed": 0}','[{"path": "labels.csv", "digest": "a", "size_bytes": 1}]','b',1,'2026-01-02 03:04:05.000000','r1','{}',NULL,'[]','{}');
CREATE TABLE repeat (
	id VARCHAR NOT NULL, 
	smear_id VARCHAR NOT NULL, 
	cell_id VARCHAR NOT NULL, 
	kept_id VARCHAR NOT NULL, 
	edges JSON NOT NULL, 
	run_id VARCHAR NOT NULL, 
	CONSTRAINT pk_repeat PRIMARY KEY (id), 
	CONSTRAINT fk_repeat_cell_id FOREIGN KEY(cell_id) REFERENCES cell (id), 
	CONSTRAINT fk_repeat_kept_id FOREIGN KEY(kept_id) REFERENCES cell (id), 
	CONSTRAINT fk_repeat_run_id FOREIGN KEY(run_id) REFERENCES run (id), 
	CONSTRAINT fk_repeat_smear_id FOREIGN KEY(smear_id) REFERENCES smear (id)
);
INSERT INTO "repeat" VALUES('p1','s1','c2','c1','[{"a": "c1", "b": "c2", "average_hash_distance": 3, "perceptual_hash_distance": 4, "correlation": 0.97}]','r1');
CREATE TABLE repeat_ruling (
	id VARCHAR NOT NULL, 
	smear_id VARCHAR NOT NULL, 
	cell_id VARCHAR NOT NULL, 
	other_id VARCHAR NOT NULL, 
	ruled VARCHAR NOT NULL, 
	"by" VARCHAR NOT NULL, 
	reason VARCHAR NOT NULL, 
	given_at DATETIME NOT NULL, 
	run_id VARCHAR NOT NULL, 
	CONSTRAINT pk_repeat_ruling PRIMARY KEY (id), 
	CONSTRAINT fk_repeat_ruling_smear_id FOREIGN KEY(smear_id) REFERENCES smear (id), 
	CONSTRAINT fk_repeat_ruling_cell_id FOREIGN KEY(cell_id) REFERENCES cell (id), 
	CONSTRAINT fk_repeat_ruling_other_id FOREIGN KEY(other_id) REFERENCES cell (id), 
	CONSTRAINT fk_repeat_ruling_run_id FOREIGN KEY(run_id) REFERENCES run (id)
);
INSERT INTO "repeat_ruling" VALUES('g1','s1','c1','c2','apart','a','other nucleus','2026-01-02 03:04:05.000000','r1');
CREATE TABLE revocation (
	id VARCHAR NOT NULL, 
	subject VARCHAR NOT NULL, 
	reason VARCHAR NOT NULL, 
	"by" VARCHAR, 
	made_at DATETIME NOT NULL, 
	CONSTRAINT pk_revocation PRIMARY KEY (id)
);
INSERT INTO "revocation" VALUES('q1','n1','signed-out','e1','2026-01-02 03:04:05.000000');
CREATE TABLE round (
	id VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	taxonomy VARCHAR NOT NULL, 
	cells JSON NOT NULL, 
	experts JSON NOT NULL, 
	opened_at DATETIME NOT NULL, 
	run_id VARCHAR NOT NULL, closed_at DATETIME, mode VARCHAR DEFAULT 'blind' NOT NULL, level VARCHAR DEFAULT 'full' NOT NULL, repeat_share FLOAT DEFAULT '0' NOT NULL, gold JSON DEFAULT '[]' NOT NULL, secret VARCHAR DEFAULT '' NOT NULL, examples BOOLEAN DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_round PRIMARY KEY (id), 
	CONSTRAINT fk_round_run_id FOREIGN KEY(run_id) REFERENCES run (id)
);
INSERT INTO "round" VALUES('o1','first','raabin@1','["c1"]','["e1"]','2026-01-02 03:04:05.000000','r1',NULL,'blind','full',0.0,'[]','',0);
INSERT INTO "round" VALUES('closed','imported','raabin@1','["c1"]','["e1"]','2026-01-02 03:04:05.000000','r1','2026-01-02 03:04:05.000000','blind','full',0.0,'[]','',0);
INSERT INTO "round" VALUES('o2','second','raabin@1','["c1","c2"]','["e1"]','2026-01-02 03:04:05.000000','r1',NULL,'training','five-class',0.5,'["barecell"]','s',0);
CREATE TABLE run (
	id VARCHAR NOT NULL, 
	room VARCHAR NOT NULL, 
	function VARCHAR NOT NULL, 
	version VARCHAR NOT NULL, 
	parameters JSON NOT NULL, 
	inputs VARCHAR NOT NULL, 
	seed INTEGER, 
	started_at DATETIME NOT NULL, 
	CONSTRAINT pk_run PRIMARY KEY (id)
);
INSERT INTO "run" VALUES('r1','label','f','0','{"side": null}','',NULL,'2026-01-02 03:04:05.000000');
CREATE TABLE scorecard (
	id VARCHAR NOT NULL, 
	release_id VARCHAR NOT NULL, 
	recipe VARCHAR NOT NULL, 
	split VARCHAR NOT NULL, 
	terms JSON NOT NULL, 
	confusion JSON NOT NULL, 
	accuracy FLOAT, 
	balanced_accuracy FLOAT, 
	interval JSON, 
	baseline FLOAT, 
	per_term JSON NOT NULL, 
	run_id VARCHAR NOT NULL, 
	CONSTRAINT pk_scorecard PRIMARY KEY (id), 
	CONSTRAINT fk_scorecard_release_id FOREIGN KEY(release_id) REFERENCES release (id), 
	CONSTRAINT fk_scorecard_run_id FOREIGN KEY(run_id) REFERENCES run (id)
);
INSERT INTO "scorecard" VALUES('y1','x1','features-svm','test-A','["monocyte"]','[[1]]',1.0,1.0,'[0.5, 1.0]',NULL,'{"monocyte": {"f1": null}}','r1');
CREATE TABLE setup_correction (
	id VARCHAR NOT NULL, 
	fields JSON NOT NULL, 
	capture_id VARCHAR NOT NULL, 
	made_at DATETIME NOT NULL, 
	run_id VARCHAR NOT NULL, 
	CONSTRAINT pk_setup_correction PRIMARY KEY (id), 
	CONSTRAINT fk_setup_correction_capture_id FOREIGN KEY(capture_id) REFERENCES capture (id), 
	CONSTRAINT fk_setup_correction_run_id FOREIGN KEY(run_id) REFERENCES run (id)
);
INSERT INTO "setup_correction" VALUES('sc1','["f1"]','k1','2026-01-02 03:04:05.000000','r1');
CREATE TABLE showing (
	id VARCHAR NOT NULL, 
	expert_id VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	about VARCHAR NOT NULL, 
	shown VARCHAR NOT NULL, 
	salt VARCHAR NOT NULL, 
	count INTEGER NOT NULL, 
	source VARCHAR, 
	round_id VARCHAR, 
	shown_at DATETIME NOT NULL, 
	CONSTRAINT pk_showing PRIMARY KEY (id), 
	CONSTRAINT fk_showing_expert_id FOREIGN KEY(expert_id) REFERENCES expert (id), 
	CONSTRAINT fk_showing_round_id FOREIGN KEY(round_id) REFERENCES round (id)
);
INSERT INTO "showing" VALUES('y1','e1','panel','c1','a','b',1,'r1','o1','2026-01-02 03:04:05.000000');
CREATE TABLE sign_in (
	id VARCHAR NOT NULL, 
	expert_id VARCHAR NOT NULL, 
	digest VARCHAR NOT NULL, 
	made_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	CONSTRAINT pk_sign_in PRIMARY KEY (id), 
	CONSTRAINT fk_sign_in_expert_id FOREIGN KEY(expert_id) REFERENCES expert (id)
);
INSERT INTO "sign_in" VALUES('n1','e1','f','2026-01-02 03:04:05.000000','2026-01-02 03:04:05.000000');
CREATE TABLE smear (
	id VARCHAR NOT NULL, 
	code VARCHAR NOT NULL, 
	stain VARCHAR NOT NULL, 
	diagnosis VARCHAR NOT NULL, 
	site VARCHAR NOT NULL, 
	subject VARCHAR, 
	sex VARCHAR NOT NULL, 
	age_band VARCHAR NOT NULL, 
	ethics_reference VARCHAR, 
	simulated BOOLEAN NOT NULL, 
	CONSTRAINT pk_smear PRIMARY KEY (id)
);
INSERT INTO "smear" VALUES('s1','S-1','unknown','unknown','unknown',NULL,'unknown','unknown',NULL,0);
CREATE TABLE taxonomy (
	id VARCHAR NOT NULL, 
	content VARCHAR NOT NULL, 
	added_at DATETIME NOT NULL, 
	run_id VARCHAR NOT NULL, 
	CONSTRAINT pk_taxonomy PRIMARY KEY (id), 
	CONSTRAINT fk_taxonomy_run_id FOREIGN KEY(run_id) REFERENCES run (id)
);
INSERT INTO "taxonomy" VALUES('ours@1','name = "ours"
','2026-01-02 03:04:05.000000','r1');
CREATE TABLE token (
	id VARCHAR NOT NULL, 
	expert_id VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	scope VARCHAR NOT NULL, 
	digest VARCHAR NOT NULL, 
	made_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	CONSTRAINT pk_token PRIMARY KEY (id), 
	CONSTRAINT fk_token_expert_id FOREIGN KEY(expert_id) REFERENCES expert (id)
);
INSERT INTO "token" VALUES('t1','e1','t','label','f','2026-01-02 03:04:05.000000','2026-01-02 03:04:05.000000');
CREATE TABLE token_use (
	id VARCHAR NOT NULL, 
	token_id VARCHAR NOT NULL, 
	made_at DATETIME NOT NULL, 
	CONSTRAINT pk_token_use PRIMARY KEY (id)
);
INSERT INTO "token_use" VALUES('tu1','t1','2026-01-02 03:04:05.000000');
CREATE TABLE withdrawal (
	id VARCHAR NOT NULL, 
	smear_id VARCHAR NOT NULL, 
	expert_id VARCHAR NOT NULL, 
	reason VARCHAR NOT NULL, 
	fields INTEGER NOT NULL, 
	cells INTEGER NOT NULL, 
	masks INTEGER NOT NULL, 
	removed JSON NOT NULL, 
	shared INTEGER NOT NULL, 
	rewritten JSON NOT NULL, 
	releases JSON NOT NULL, 
	withdrawn_at DATETIME NOT NULL, 
	CONSTRAINT pk_withdrawal PRIMARY KEY (id), 
	CONSTRAINT fk_withdrawal_smear_id FOREIGN KEY(smear_id) REFERENCES smear (id), 
	CONSTRAINT fk_withdrawal_expert_id FOREIGN KEY(expert_id) REFERENCES expert (id)
);
INSERT INTO "withdrawal" VALUES('wd1','s1','e1','consent-withdrawn',1,1,1,'["d"]',0,'{"label l1":["a","b"]}','["1"]','2026-01-02 03:04:05.000000');
CREATE UNIQUE INDEX uq_expert_handle ON expert (handle);
CREATE UNIQUE INDEX uq_smear_site_code ON smear (site, code);
CREATE INDEX ix_outcome_subject ON outcome (room, subject);
CREATE UNIQUE INDEX uq_release_version ON release (version);
CREATE UNIQUE INDEX uq_round_name ON round (name);
CREATE INDEX ix_covered_field_covered_by ON covered_field (covered_by);
CREATE INDEX ix_covered_field_field_id ON covered_field (field_id);
CREATE INDEX ix_covered_field_smear_id ON covered_field (smear_id);
CREATE INDEX ix_scorecard_release_id ON scorecard (release_id);
CREATE INDEX ix_repeat_cell_id ON repeat (cell_id);
CREATE INDEX ix_repeat_kept_id ON repeat (kept_id);
CREATE INDEX ix_repeat_smear_id ON repeat (smear_id);
CREATE UNIQUE INDEX uq_repeat_cell_run ON repeat (cell_id, run_id);
CREATE INDEX ix_label_cell_id ON label (cell_id);
CREATE UNIQUE INDEX uq_label_supersedes ON label (supersedes) WHERE supersedes IS NOT NULL;
CREATE INDEX ix_mask_cell_id ON mask (cell_id);
CREATE UNIQUE INDEX uq_mask_supersedes ON mask (supersedes) WHERE supersedes IS NOT NULL;
CREATE UNIQUE INDEX uq_field_of_view_received ON field_of_view (received);
CREATE INDEX ix_field_of_view_smear_id ON field_of_view (smear_id);
CREATE INDEX ix_cell_field_id ON cell (field_id);
CREATE INDEX ix_correction_smear_id ON correction (smear_id);
CREATE INDEX ix_cross_repeat_cell_id ON cross_repeat (cell_id);
CREATE INDEX ix_cross_repeat_other_id ON cross_repeat (other_id);
CREATE INDEX ix_repeat_ruling_cell_id ON repeat_ruling (cell_id);
CREATE INDEX ix_repeat_ruling_other_id ON repeat_ruling (other_id);
CREATE INDEX ix_repeat_ruling_smear_id ON repeat_ruling (smear_id);
CREATE INDEX ix_appointment_expert_id ON appointment (expert_id);
CREATE INDEX ix_password_expert_id ON password (expert_id);
CREATE INDEX ix_sign_in_expert_id ON sign_in (expert_id);
CREATE INDEX ix_token_expert_id ON token (expert_id);
CREATE UNIQUE INDEX uq_closing_round ON closing (round_id);
CREATE UNIQUE INDEX uq_label_first ON label (round_id, cell_id, expert_id, purpose) WHERE supersedes IS NULL AND event IS NULL;
CREATE INDEX ix_label_imported ON label (round_id) WHERE event IS NULL;
CREATE INDEX ix_label_event ON label (round_id, expert_id, cell_id, purpose, given_at, event) WHERE event IS NOT NULL;
CREATE UNIQUE INDEX uq_mask_selection_name ON mask_selection (name);
CREATE INDEX ix_audit_entry_subject ON audit_entry (subject, seq) WHERE subject_class <> 'label';
CREATE TRIGGER audit_entry_is_not_changed BEFORE UPDATE ON audit_entry BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
CREATE TRIGGER audit_entry_is_not_removed BEFORE DELETE ON audit_entry BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
CREATE TRIGGER audit_entry_comes_last BEFORE INSERT ON audit_entry WHEN NEW.seq <> (SELECT coalesce(max(seq) + 1, 0) FROM audit_entry) BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
CREATE INDEX ix_gallery_label_cell_id ON gallery_label (cell_id);
CREATE INDEX ix_gallery_label_newest ON gallery_label (expert_id, cell_id, given_at, event);
CREATE INDEX ix_box_event_field_id ON box_event (field_id);
CREATE INDEX ix_box_event_cell_id ON box_event (cell_id);
CREATE INDEX ix_box_event_subject ON box_event (subject, given_at, event);
CREATE UNIQUE INDEX uq_hand_in_round_expert ON hand_in (round_id, expert_id);
CREATE INDEX ix_token_use_token_id ON token_use (token_id);
CREATE INDEX ix_withdrawal_smear_id ON withdrawal (smear_id);
CREATE INDEX ix_erratum_release_id ON erratum (release_id);
CREATE INDEX ix_erratum_cell_id ON erratum (cell_id);
CREATE INDEX ix_erratum_answer_erratum_id ON erratum_answer (erratum_id);
CREATE UNIQUE INDEX uq_job_event_number ON job_event (job_id, number);
CREATE UNIQUE INDEX uq_preset_name ON preset (name);
CREATE INDEX ix_arrival_field_id ON arrival (field_id);
COMMIT;
