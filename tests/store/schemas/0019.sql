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
INSERT INTO "audit_entry" VALUES(0,'2026-11-23T19:10:38.763585Z',NULL,'began','workspace','b2c5e5ecae58b6f11f22f38f6938ba5c',NULL,'0000000000000000000000000000000000000000000000000000000000000000','50f394d931c39d9f90fb220e7a524788','0000000000000000000000000000000000000000000000000000000000000000','c3755dcac135a5fda5e0cc74756a2b806acb64791362c36ec788fd26f9e319aa');
INSERT INTO "audit_entry" VALUES(1,'2026-11-23T19:10:38.798364Z',NULL,'kept','document','d2',NULL,'efbfab3fe7d58ff6a16aaf2cbaa5d52e0539b4e26e7131443c14193a8bca6b3f','8c7bf91e5d2e2eaee15aff3bddb3c5e1','c3755dcac135a5fda5e0cc74756a2b806acb64791362c36ec788fd26f9e319aa','76cfc59945458fed4014282f3736f08be08d3b0987c56b94ef91c4ac9a5f37f7');
INSERT INTO "audit_entry" VALUES(2,'2026-11-23T19:10:38.799086Z',NULL,'corrected','setup_correction','sc1',NULL,'481efdcfa88cbaec1dbab50dab8b0fba1cace09d36fe920b4e0a8e603757df5c','5e40d1285d3b49580e3d005c0a7ec4ee','76cfc59945458fed4014282f3736f08be08d3b0987c56b94ef91c4ac9a5f37f7','14ef7ecce0116491c2807feeb9fe0f248e44ef9fc0b9b12bbd5b5985d05eec50');
INSERT INTO "audit_entry" VALUES(3,'2026-11-23T19:10:38.800029Z','a','ruled','repeat_ruling','g1',NULL,'137d443f86a079823b534b1b40748e6f1afb10e33a4d48d2973cfcfbc97f5e91','5ef237b92741523a2f8c28d8c1719214','14ef7ecce0116491c2807feeb9fe0f248e44ef9fc0b9b12bbd5b5985d05eec50','ec847b2177c574d0f3e3a60446b5c415755253dfd7e162880c0edd2f8a9e58dd');
INSERT INTO "audit_entry" VALUES(4,'2026-11-23T19:10:38.804500Z',NULL,'added','expert','e1',NULL,'1072edccc70c90b7f5267296c8cccedce0a2be18c8b229eb2ae1e3ee5fe03945','c42cf633d9a78cc25e407076f167202f','ec847b2177c574d0f3e3a60446b5c415755253dfd7e162880c0edd2f8a9e58dd','255b94ae81b4a6a61ca6efd7d7169afa8a891326105530a2acde3f609a160ce2');
INSERT INTO "audit_entry" VALUES(5,'2026-11-23T19:10:38.805006Z',NULL,'appointed','appointment','a1',NULL,'a29224ab1e1d0ac965833f442403dd69dff2114f0f30990254ced1074f18e7df','4fd1e8523998ded42d8e80b530e61745','255b94ae81b4a6a61ca6efd7d7169afa8a891326105530a2acde3f609a160ce2','6374c1a0e31225bfd2be64cb76a48d11426e9b58e5ab72f00e470fcaccb001f2');
INSERT INTO "audit_entry" VALUES(6,'2026-11-23T19:10:38.805339Z','e1','set-password','password','w1',NULL,'01f09fd9b8292507514a59f1eddb9ef3cd71007bef559db9e8623d8b4586d04b','93fa1da65653b8e276242845fd6d35c8','6374c1a0e31225bfd2be64cb76a48d11426e9b58e5ab72f00e470fcaccb001f2','b911e6c93ba2330583a1c365569453e9fd755df89568f8356fbe34ff5e5e7663');
INSERT INTO "audit_entry" VALUES(7,'2026-11-23T19:10:38.805787Z','e1','signed-in','sign_in','n1',NULL,'8559b7e7c917b7802cb9587e2ba74704309a411d128a584303421d3bc153ec0b','91cde44229dc0b0fa947cbc42e352c85','b911e6c93ba2330583a1c365569453e9fd755df89568f8356fbe34ff5e5e7663','e33ea3090a9a71213fc2b741dcf71b2148ff204be17ea8962bd7a6050f852829');
INSERT INTO "audit_entry" VALUES(8,'2026-11-23T19:10:38.806167Z','e1','made-token','token','t1',NULL,'945e890b6cc3abe29001aac29d77d59331306c6563ccfd7d057c6fddc476776d','370a1b1c91f8ba52b5a60f32636ae32d','e33ea3090a9a71213fc2b741dcf71b2148ff204be17ea8962bd7a6050f852829','6f71da069a55317082b954d62135631940262fb6160c48eb30b66b885625d400');
INSERT INTO "audit_entry" VALUES(9,'2026-11-23T19:10:38.806563Z','e1','linked','identity','y2',NULL,'fc7803e4ab0a033eba009301aec296706af74855c1e17f3a6cff30bcdb25c674','9cf4c7d643339d8e019395fad1d881b0','6f71da069a55317082b954d62135631940262fb6160c48eb30b66b885625d400','f8568b7324e65b7ad1244bbb388e0a5b57ef85355ba387a70e218e3953d8693b');
INSERT INTO "audit_entry" VALUES(10,'2026-11-23T19:10:38.806922Z','e1','invited','invitation','i1',NULL,'8758a82d23ed2e8b6ac99c66e7340ba846fd25f80c0627e16884e42a340e4765','7aeb6c5735d68b4e05ce92ee8525530f','f8568b7324e65b7ad1244bbb388e0a5b57ef85355ba387a70e218e3953d8693b','c43b3f448fa0ebc50bc08eb036b6f772732e2e51a1b19d3ec31c78969b412cc5');
INSERT INTO "audit_entry" VALUES(11,'2026-11-23T19:10:38.807200Z','e1','ended','revocation','q1',NULL,'7492f332fd2588d3e7c9065cd9ed3ec0eb844e911475ab4957c78c8fdf7e1dbb','e8ef0a1bcd07dea62fd331bcd01e51bd','c43b3f448fa0ebc50bc08eb036b6f772732e2e51a1b19d3ec31c78969b412cc5','0f5f4ab6b0a2528d53b9b7063aa12df7d934871fff9c75e63827b47e770c4a5f');
INSERT INTO "audit_entry" VALUES(12,'2026-11-23T19:10:38.812424Z',NULL,'opened','round','o1','o1','44cbf8b728bfaf9b54e69cd8c2049c05e603309b88bc1c0106536c277e32aa34','489b66f7cb229420c28030d5840a75fa','0f5f4ab6b0a2528d53b9b7063aa12df7d934871fff9c75e63827b47e770c4a5f','2d28b6e44364ef491275978b0a55bb3a9fd80bfbff8ae881df2e46c1beb4ce24');
INSERT INTO "audit_entry" VALUES(13,'2026-11-23T19:10:38.813089Z','e1','closed','closing','h1','o1','464ecd1da99022e6b43ee600386fa591bc30832471a266e47180f1a1793aece0','4b3135ff2e7ab9eedd8217b8ab88efbe','2d28b6e44364ef491275978b0a55bb3a9fd80bfbff8ae881df2e46c1beb4ce24','3d52a504c83eba2f48d8dd08f9a3199e270bb4b5a267d8b445099b8aa92c1054');
INSERT INTO "audit_entry" VALUES(14,'2026-11-23T19:10:38.813402Z','e1','handed-in','hand_in','h2','o1','5a6bd33880a55e93d33a66438ed67a2e832fa20a82e656a3b6c9f7fd818e76cd','9cec3047e53dee14854ad4c2d6022bcc','3d52a504c83eba2f48d8dd08f9a3199e270bb4b5a267d8b445099b8aa92c1054','becd1b60c339655412adc5f0b86c5b463b2ed5b212d4b713ebdebbf79b0cc24d');
INSERT INTO "audit_entry" VALUES(15,'2026-11-23T19:10:38.815115Z',NULL,'imported','labels','o1','o1','86822381c6bc0dbe16f1452cbdc3083d425a346c0ba1a5fdae861c81d37d0b37','b75da347317080381b50900e145cc530','becd1b60c339655412adc5f0b86c5b463b2ed5b212d4b713ebdebbf79b0cc24d','e6269f61830beecec9b45b5afe0048aebb5e519400dd262704c0bf601ffb0d57');
INSERT INTO "audit_entry" VALUES(16,'2026-11-23T19:10:38.815506Z','e1','shown','showing','y1','o1','83d1ef83204e9f57759ca58f18b93cc40818bf62cb6526d1fd27ca2f7d2a401a','564d0c8f43b4f0cd14c85ead1106615e','e6269f61830beecec9b45b5afe0048aebb5e519400dd262704c0bf601ffb0d57','b96227c35cbdf213249d5fc792b33a349bba03b5c958875262b998e80cf400fb');
INSERT INTO "audit_entry" VALUES(17,'2026-11-23T19:10:38.815906Z','e1','sorted','gallery_label','g1',NULL,'9c44cb2d07cc8dc822db12359c7248506349d042958f0e45d8182042f40e9a8f','48b0a0da85b43bd84c82d54fb28c487d','b96227c35cbdf213249d5fc792b33a349bba03b5c958875262b998e80cf400fb','30c4662fddaf8b2e7ea307aa9a7745c4893bf7126ae45716f5b5ae4f8df3a58b');
INSERT INTO "audit_entry" VALUES(18,'2026-11-23T19:10:38.821109Z','e1','boxed','box_event','b1',NULL,'5088efa769c99485b35a3bc168fc163f40f8140ca51620929746d265442106a8','34c6b5b72116c74503b459899e499517','30c4662fddaf8b2e7ea307aa9a7745c4893bf7126ae45716f5b5ae4f8df3a58b','dd6c771a2f16649b70b8accbeef057a9a6fab027564666b018198d15649dbad0');
INSERT INTO "audit_entry" VALUES(19,'2026-11-23T19:10:38.821666Z','e1','outlined','mask','m1',NULL,'08fa1fa13e461b441c4743666bd73d2ba6154bd114ba6c986d3eb9f4d11a03b4','58586b669229222bb6879fae2df1b488','dd6c771a2f16649b70b8accbeef057a9a6fab027564666b018198d15649dbad0','a7f39fbcc1716b388f889c8c0dca70708d58e1f12b0450400ddce527409c81c0');
INSERT INTO "audit_entry" VALUES(20,'2026-11-23T19:10:38.822030Z',NULL,'selected','mask_selection','s2',NULL,'c1b59c59aed1c50c4a64bbe12d365a1eabc3fb3d7b79567049d56f45e25164ce','63ffdde0902c9c5685faf49e6378ede2','a7f39fbcc1716b388f889c8c0dca70708d58e1f12b0450400ddce527409c81c0','0282012592b3213bb31c56bdbe2589feab77ed9072879624d1beccef5925486b');
INSERT INTO "audit_entry" VALUES(21,'2026-11-23T19:10:38.822533Z',NULL,'released','release','x1',NULL,'0ae602651cd8e535e0e69347e4725478d941aea45592c2da2572a8e9eff6724c','bd5ee2f3fcdf32feaa6f48d8ce5c030a','0282012592b3213bb31c56bdbe2589feab77ed9072879624d1beccef5925486b','8ced96c6cfcf85f5fd49b0028a8534676c1355def8d09a966664b6053d1d7f90');
INSERT INTO "audit_entry" VALUES(22,'2026-11-23T19:10:38.823029Z','e1','withdrew','withdrawal','w1',NULL,'45cb8f016b70049e0755c122c49f22fe15d2a4f0b35bf6691d1d8c20522d2faf','80342dff004a65113d8d50cece77df19','8ced96c6cfcf85f5fd49b0028a8534676c1355def8d09a966664b6053d1d7f90','daa24ad59d75b4920e02bc6250942a0889eb308b584b6ed2ed51339037d02a73');
INSERT INTO "audit_entry" VALUES(23,'2026-11-23T19:10:38.823356Z','e1','received','erratum','z1',NULL,'462b9bd36753fb8d00e320a001ad7e849d1d86dcd0c0d61fdf0b72b8b2ed5215','94813ca0a9681cfae868529cc42d699e','daa24ad59d75b4920e02bc6250942a0889eb308b584b6ed2ed51339037d02a73','7a5763923fcfa20448ac879acc0236c54b8954ccd6dbaddef25ff33de9d5c6f6');
INSERT INTO "audit_entry" VALUES(24,'2026-11-23T19:10:38.823647Z','e1','replied','erratum_answer','z2',NULL,'8702eac99949b9655af552afeb468034efd97305d7c44ab74be3b53133b2a700','74c9814272c3593df5e9e880e9de0289','7a5763923fcfa20448ac879acc0236c54b8954ccd6dbaddef25ff33de9d5c6f6','416359b01ff0ce33a6b96944830f64e1f85402d550ddd34da69b2786690beb9d');
INSERT INTO "audit_entry" VALUES(25,'2026-11-23T19:10:38.824075Z','e1','kept','preset','ps1',NULL,'4384ec51ffaf7ded447e459285e0ee1d638ec2f631a34f7eaee551799bc5cfd0','873aa8179559d321ac3e2b24a2db18c1','416359b01ff0ce33a6b96944830f64e1f85402d550ddd34da69b2786690beb9d','e7c8d718c7e7fb7557adb695a1219abc96e678d5e37b50311cfed8af1e0fd011');
INSERT INTO "audit_entry" VALUES(26,'2026-11-23T19:10:38.829440Z','e1','captured','arrival','ar1',NULL,'97f95ba99dc45f9709d043401357a392b587aa7d75e1eebb4820a445395e05f0','b71e134fe57fc8c106a4350a95111230','e7c8d718c7e7fb7557adb695a1219abc96e678d5e37b50311cfed8af1e0fd011','6b09203bf5f302ea0801cbcec39ccef3066ecbe97fbce431f1368744174a55d5');
INSERT INTO "audit_entry" VALUES(27,'2026-11-23T19:10:38.830075Z','e1','started','job_order','j1',NULL,'e4b8ac4180336f54ca2d69822e0aeee6797e9936915e5f6e9a557e0f51327c41','3f3b50015a28d67990efbbb102a7184b','6b09203bf5f302ea0801cbcec39ccef3066ecbe97fbce431f1368744174a55d5','23cbad197ee4b2b0b32b4c5441f7a70abf0806a107e6c1560a846690d341c298');
INSERT INTO "audit_entry" VALUES(28,'2026-11-23T19:10:38.830459Z','e1','stopped','job_event','je2',NULL,'116b44fae8a886f27aab65e2e5cb7c920acfb3a61312d70c7fc65af2df00bd74','5b9658d23b35df5457a11e64e492e7f0','23cbad197ee4b2b0b32b4c5441f7a70abf0806a107e6c1560a846690d341c298','3973792e70fa20b7fa924dfb02068a4042e450c0a5d3568bb3ffc755a595d7b1');
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
	CONSTRAINT fk_cell_run_id FOREIGN KEY(run_id) REFERENCES run (id), 
	CONSTRAINT fk_cell_field_id FOREIGN KEY(field_id) REFERENCES field_of_view (id)
);
INSERT INTO "cell" VALUES('c1','{"left":1,"top":2,"right":3,"bottom":5}','{"left":1,"top":2,"right":3,"bottom":5}',0.5,'color-filter','f1','d',2.5,'ff','0f','r1',NULL,'[]');
INSERT INTO "cell" VALUES('c2','{"left":1,"top":2,"right":3,"bottom":5}','{"left":1,"top":2,"right":3,"bottom":5}',NULL,'expert','f1','d',1.5,'ff','0f','r1',NULL,'[]');
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
	CONSTRAINT fk_field_of_view_run_id FOREIGN KEY(run_id) REFERENCES run (id), 
	CONSTRAINT fk_field_of_view_capture_id FOREIGN KEY(capture_id) REFERENCES capture (id)
);
INSERT INTO "field_of_view" VALUES('f1','s1','k1','a','b','c','image/jpeg',0,8,6,NULL,'{"focus":1,"brightness":0.5,"clipped_dark":0,"clipped_bright":0,"cast_red":1,"cast_blue":1}','{"make":"SAMSUNG","model":null,"orientation":6,"f_number":null,"focal_length_mm":null,"iso":null,"exposure_seconds":null}',NULL,'["EXIF:Make"]','a.jpg',0,'2026-01-02 03:04:05.000000','r1');
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
	CONSTRAINT fk_label_round_id FOREIGN KEY(round_id) REFERENCES round (id), 
	CONSTRAINT fk_label_expert_id FOREIGN KEY(expert_id) REFERENCES expert (id), 
	CONSTRAINT fk_label_supersedes FOREIGN KEY(supersedes) REFERENCES label (id), 
	CONSTRAINT fk_label_run_id FOREIGN KEY(run_id) REFERENCES run (id), 
	CONSTRAINT fk_label_cell_id FOREIGN KEY(cell_id) REFERENCES cell (id)
);
INSERT INTO "label" VALUES('l0','c2','e1','o1','reading','monocyte','2026-01-02 03:04:05.000000',NULL,'',NULL,'r1',NULL,0,'single',0,NULL);
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
INSERT INTO "mask" VALUES('m1','c1','nucleus',2,2,'[1,3]','best',NULL,NULL,'r1','e1');
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
INSERT INTO "release" VALUES('x1','1','raabin@1','five-class','CC-BY-4.0','{"train":{"monocyte":1}}','{"assignment":{"s1":"train"},"rule":"by hand","seed":0,"unit":"smear","removed":[]}','[{"path":"labels.csv","digest":"a","size_bytes":1}]','b',1,'2026-01-02 03:04:05.000000','r1','{"title":"","license":"","terms_of_use":"","ethics":"","contributors":[],"citation":"","contact":"","description":"","published":"","url":""}',NULL,'[]','{}');
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
INSERT INTO "repeat" VALUES('p1','s1','c2','c1','[{"a":"c1","b":"c2","average_hash_distance":3,"perceptual_hash_distance":4,"correlation":0.97,"evidence":"registration","warp":[1.0,0.0,0.25,0.0,1.0,-0.5]}]','r1');
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
INSERT INTO "run" VALUES('r1','label','f','0','{"side":null}','',NULL,'2026-01-02 03:04:05.000000');
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
INSERT INTO "scorecard" VALUES('y1','x1','features-svm','test-A','["monocyte"]','[[1]]',1.0,1.0,'[0.5,1.0]',NULL,'{"monocyte":{"f1":null}}','r1');
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
INSERT INTO "withdrawal" VALUES('w1','s1','e1','consent-withdrawn',1,2,0,'["a","b"]',1,'{"label l1":["a","b"]}','["1"]','2026-01-02 03:04:05.000000');
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
CREATE INDEX ix_field_of_view_smear_id ON field_of_view (smear_id);
CREATE UNIQUE INDEX uq_field_of_view_received ON field_of_view (received);
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
INSERT INTO "correction" VALUES('k1','s1','{"stain":"wright"}','2026-01-02 03:04:05.000000','r1');
INSERT INTO "query" VALUES('mine','my cells','["disputed"]','["lymphocyte"]','[]','[]',1,NULL,NULL,NULL);
INSERT INTO "taxonomy" VALUES('ours@1','name = "ours"
','2026-01-02 03:04:05.000000','r1');
COMMIT;
