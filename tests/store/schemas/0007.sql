BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0007');
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
INSERT INTO "audit_entry" VALUES(0,'2026-11-23T03:11:23.572477Z',NULL,'began','workspace','91b0829ef47209399e540d4ad6192bfb',NULL,'0000000000000000000000000000000000000000000000000000000000000000','25ff7ac868627b619bf3418ee9c1addd','0000000000000000000000000000000000000000000000000000000000000000','ab0a6f4d6f034aab3115fbd8ec55f455b1304904c53fdd36a42ebe982b3a210f');
INSERT INTO "audit_entry" VALUES(1,'2026-11-23T03:11:23.573556Z',NULL,'kept','taxonomy','ours@1',NULL,'0c7e1fe78cc87614e9a354b7015f22de8b28873ce263d8e31deca4d5e802c360','f1448aa30a06d054ec3ab16d1bb779a3','ab0a6f4d6f034aab3115fbd8ec55f455b1304904c53fdd36a42ebe982b3a210f','ad4241cf4dfc79af7790164d923797da5ec1fd5f0891560298e6f3e3bc852705');
INSERT INTO "audit_entry" VALUES(2,'2026-11-23T03:11:23.582195Z',NULL,'saved','query','mine',NULL,'1b98d18719b99cf9bbeb5261ebf9a29939a14523cb4308e38cd63e60076351e7','9ae743df1acb2c116deb5527c633617f','ad4241cf4dfc79af7790164d923797da5ec1fd5f0891560298e6f3e3bc852705','ed20fd0442107772a5c8282dca31af0b7daf36f9346e69c7602caf2997385454');
INSERT INTO "audit_entry" VALUES(3,'2026-11-23T03:11:23.583066Z',NULL,'corrected','correction','k1',NULL,'a35b184f340223f25fafa4babc8135dd57be966e38e173fc9d1913e9c2296e31','86bc5ae5c7c795e2a65568a908001dda','ed20fd0442107772a5c8282dca31af0b7daf36f9346e69c7602caf2997385454','de0d8ccb7ef01da2e0e2254d81fccc56e330b9c9853a25d305ca85bfcccd9ff1');
INSERT INTO "audit_entry" VALUES(4,'2026-11-23T03:11:23.583856Z','a','ruled','repeat_ruling','g1',NULL,'137d443f86a079823b534b1b40748e6f1afb10e33a4d48d2973cfcfbc97f5e91','a9d030a45e79a1a75391ae28fd264e3a','de0d8ccb7ef01da2e0e2254d81fccc56e330b9c9853a25d305ca85bfcccd9ff1','f3018477ae2c67bb5c74b146af89d9587140fca6b0d4965cb568ded4a8d0b9b3');
INSERT INTO "audit_entry" VALUES(5,'2026-11-23T03:11:23.584463Z',NULL,'added','expert','e1',NULL,'1072edccc70c90b7f5267296c8cccedce0a2be18c8b229eb2ae1e3ee5fe03945','d5a450476f1db33598989b913303e1c0','f3018477ae2c67bb5c74b146af89d9587140fca6b0d4965cb568ded4a8d0b9b3','06c7b88157dc4ac7099df81ca6c1b6ce46578ce3ab31d4d67308ad1ca4517870');
INSERT INTO "audit_entry" VALUES(6,'2026-11-23T03:11:23.585239Z',NULL,'appointed','appointment','a1',NULL,'a29224ab1e1d0ac965833f442403dd69dff2114f0f30990254ced1074f18e7df','6b55a49e7cca07a88798c7132144fc6e','06c7b88157dc4ac7099df81ca6c1b6ce46578ce3ab31d4d67308ad1ca4517870','a48d55810a4ace1673865e80ec3c3709e74b609096d50fdde7e0e1879cc7a420');
INSERT INTO "audit_entry" VALUES(7,'2026-11-23T03:11:23.585832Z','e1','set-password','password','w1',NULL,'01f09fd9b8292507514a59f1eddb9ef3cd71007bef559db9e8623d8b4586d04b','b15b29c39d6437eaca2aa3c9bf3211cc','a48d55810a4ace1673865e80ec3c3709e74b609096d50fdde7e0e1879cc7a420','f223300435a863b47c9a86b28cf4a5adb6ce6916ad3b50b30e7d5490680b2215');
INSERT INTO "audit_entry" VALUES(8,'2026-11-23T03:11:23.595442Z','e1','signed-in','sign_in','n1',NULL,'8559b7e7c917b7802cb9587e2ba74704309a411d128a584303421d3bc153ec0b','c2e74d430f3d727200cadd3ea3452dd1','f223300435a863b47c9a86b28cf4a5adb6ce6916ad3b50b30e7d5490680b2215','5bfd037b265337565e7317d67b58a11db88be9c26f399e68e1ff3b6291384556');
INSERT INTO "audit_entry" VALUES(9,'2026-11-23T03:11:23.596440Z','e1','made-token','token','t1',NULL,'945e890b6cc3abe29001aac29d77d59331306c6563ccfd7d057c6fddc476776d','6c898c05dac3e0b2211520cee57bfcf4','5bfd037b265337565e7317d67b58a11db88be9c26f399e68e1ff3b6291384556','f822d8391a5f7d05324d86010147e155a348d3de3434b4f92255893240962e3e');
INSERT INTO "audit_entry" VALUES(10,'2026-11-23T03:11:23.597526Z','e1','invited','invitation','i1',NULL,'8758a82d23ed2e8b6ac99c66e7340ba846fd25f80c0627e16884e42a340e4765','7107c05e59ef05787f33b0ff3f907016','f822d8391a5f7d05324d86010147e155a348d3de3434b4f92255893240962e3e','7b35257b47ebf4362cdd532d31f719eb33116c35f17dc083c207e9e19a413dac');
INSERT INTO "audit_entry" VALUES(11,'2026-11-23T03:11:23.598132Z','e1','ended','revocation','q1',NULL,'7492f332fd2588d3e7c9065cd9ed3ec0eb844e911475ab4957c78c8fdf7e1dbb','560942fe46fa39a5ee37d6b365cd0dc6','7b35257b47ebf4362cdd532d31f719eb33116c35f17dc083c207e9e19a413dac','5f1f0cdfadddacfa589b6e979220aed25f941726e38d736139042a0a848bf9b2');
INSERT INTO "audit_entry" VALUES(12,'2026-11-23T03:11:23.607802Z',NULL,'opened','round','o1','o1','44cbf8b728bfaf9b54e69cd8c2049c05e603309b88bc1c0106536c277e32aa34','eaeef97f50c669cee9df56c1b0adbfb5','5f1f0cdfadddacfa589b6e979220aed25f941726e38d736139042a0a848bf9b2','484a32c2c8d808bf07165052c3afacc6e681c5134ea8b508d479e04182346def');
INSERT INTO "audit_entry" VALUES(13,'2026-11-23T03:11:23.607802Z',NULL,'opened','round','closed','closed','6512955a09648eb636a491b21fbc8fccfde9327675836868694f8ddffba5cb69','62f66d1dcce10539fc6e760950ba9845','484a32c2c8d808bf07165052c3afacc6e681c5134ea8b508d479e04182346def','1b9e638d788f8d99c6e073707bb58b9298789203853edd463a1a01c27c043808');
INSERT INTO "audit_entry" VALUES(14,'2026-11-23T03:11:23.607802Z',NULL,'opened','round','o2','o2','4bccdc3ed94335cbeac0a15b909a28cee38404918e43753c545b0085b9af28bf','3a9022c3b6af59d873d239ae3ece8cef','1b9e638d788f8d99c6e073707bb58b9298789203853edd463a1a01c27c043808','2a4cc8f86876666e000829c855150b5c5e18a3b6d341b3528a6104a6bed6910f');
INSERT INTO "audit_entry" VALUES(15,'2026-11-23T03:11:23.608646Z','e1','closed','closing','h1','o1','464ecd1da99022e6b43ee600386fa591bc30832471a266e47180f1a1793aece0','d335e4e217eaef5699b59952b08e0b11','2a4cc8f86876666e000829c855150b5c5e18a3b6d341b3528a6104a6bed6910f','a76ef6d836275bcd0b50335e63fc5eb888f2ab046551dcf0451979ab24855311');
INSERT INTO "audit_entry" VALUES(16,'2026-11-23T03:11:23.614752Z','e1','answered','label','l0','o1','7c3a967000d80c0910f3d1c533ab21c1ed0edcbc0b360ecf5e52293d5e1a9c6a','42eb4f625b6bd20f77d12cd42b17f1b0','a76ef6d836275bcd0b50335e63fc5eb888f2ab046551dcf0451979ab24855311','40d55e1860d45dc2f8f62a15d10fc769f18fbd1cfd98658e74e205415842f2c2');
INSERT INTO "audit_entry" VALUES(17,'2026-11-23T03:11:23.614752Z','e1','took-back','label','l1','o2','821244e98af934461d6e64d6df4c9ae1150e5fb8fb46d947cc3101ac405c31ae','502dc6c63e43194a3dea9e897c3f0095','40d55e1860d45dc2f8f62a15d10fc769f18fbd1cfd98658e74e205415842f2c2','7d515b7962572493375563a96a375b88c22d7ef62f3d3205e79de0415d8e252c');
INSERT INTO "audit_entry" VALUES(18,'2026-11-23T03:11:23.617048Z','e1','outlined','mask','m2',NULL,'29db03a70696e90b26d82d5ba39c8122dfa79c5d5c996200b7084cd386d0bc17','9b2cd6a3988a6f6c523237f4fe1b1d75','7d515b7962572493375563a96a375b88c22d7ef62f3d3205e79de0415d8e252c','13cede61afb3103cd6695d8377d23a2f3bb1c986e37b6785fceb7df967f6eb37');
INSERT INTO "audit_entry" VALUES(19,'2026-11-23T03:11:23.617963Z',NULL,'selected','mask_selection','s2',NULL,'c1b59c59aed1c50c4a64bbe12d365a1eabc3fb3d7b79567049d56f45e25164ce','f3f0f612c0fdf2afe72f6c2ffc88ed75','13cede61afb3103cd6695d8377d23a2f3bb1c986e37b6785fceb7df967f6eb37','cd963e2c6a928fe7dfc9df23f8953c831b496c6033e50c68e8e8cd05b7383415');
INSERT INTO "audit_entry" VALUES(20,'2026-11-23T03:11:23.627430Z',NULL,'released','release','x1',NULL,'2e544f5a2948efa4b516ec964e5b4ae1a2b6a5f5612ffd21f2c1838c645a22fd','f8ef9d743553797307169e1e2548badc','cd963e2c6a928fe7dfc9df23f8953c831b496c6033e50c68e8e8cd05b7383415','eee84e5b89b8c652544077f285e0072e64641c001cce759db56e76b82362de00');
INSERT INTO "audit_entry" VALUES(21,'2026-11-23T03:11:23.635705Z','e1','shown','showing','y1','o1','83d1ef83204e9f57759ca58f18b93cc40818bf62cb6526d1fd27ca2f7d2a401a','951baa74d863ffe0763e7b7c3370c0ce','eee84e5b89b8c652544077f285e0072e64641c001cce759db56e76b82362de00','dd80a1090d38412ba4cce41c28c29698000e692d849253ffa1131a49cb9dd898');
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
	run_id VARCHAR NOT NULL, 
	event VARCHAR, 
	withdrawn BOOLEAN DEFAULT '0' NOT NULL, 
	look VARCHAR DEFAULT 'single' NOT NULL, 
	turned INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_label PRIMARY KEY (id), 
	CONSTRAINT fk_label_round_id FOREIGN KEY(round_id) REFERENCES round (id), 
	CONSTRAINT fk_label_supersedes FOREIGN KEY(supersedes) REFERENCES label (id), 
	CONSTRAINT fk_label_expert_id FOREIGN KEY(expert_id) REFERENCES expert (id), 
	CONSTRAINT fk_label_run_id FOREIGN KEY(run_id) REFERENCES run (id), 
	CONSTRAINT fk_label_cell_id FOREIGN KEY(cell_id) REFERENCES cell (id)
);
INSERT INTO "label" VALUES('l0','c2','e1','o1','reading','monocyte','2026-01-02 03:04:05.000000',NULL,'',NULL,'r1','l0',0,'single',0);
INSERT INTO "label" VALUES('l1','c1','e1','o2','repeat','','2026-01-02 03:04:05.000000',1.5,'no',NULL,'r1','v1',1,'page',2);
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
CREATE TABLE "round" (
	id VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	taxonomy VARCHAR NOT NULL, 
	cells JSON NOT NULL, 
	experts JSON NOT NULL, 
	opened_at DATETIME NOT NULL, 
	run_id VARCHAR NOT NULL, 
	closed_at DATETIME, 
	mode VARCHAR DEFAULT 'blind' NOT NULL, 
	level VARCHAR DEFAULT 'full' NOT NULL, 
	repeat_share FLOAT DEFAULT '0' NOT NULL, 
	gold JSON DEFAULT '[]' NOT NULL, 
	secret VARCHAR DEFAULT ('') NOT NULL, 
	CONSTRAINT pk_round PRIMARY KEY (id), 
	CONSTRAINT fk_round_run_id FOREIGN KEY(run_id) REFERENCES run (id)
);
INSERT INTO "round" VALUES('o1','first','raabin@1','["c1"]','["e1"]','2026-01-02 03:04:05.000000','r1',NULL,'blind','full',0.0,'[]','');
INSERT INTO "round" VALUES('closed','imported','raabin@1','["c1"]','["e1"]','2026-01-02 03:04:05.000000','r1','2026-01-02 03:04:05.000000','blind','full',0.0,'[]','');
INSERT INTO "round" VALUES('o2','second','raabin@1','["c1","c2"]','["e1"]','2026-01-02 03:04:05.000000','r1',NULL,'training','five-class',0.5,'["barecell"]','s');
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
CREATE UNIQUE INDEX uq_expert_handle ON expert (handle);
CREATE UNIQUE INDEX uq_smear_site_code ON smear (site, code);
CREATE INDEX ix_outcome_subject ON outcome (room, subject);
CREATE UNIQUE INDEX uq_release_version ON release (version);
CREATE INDEX ix_covered_field_covered_by ON covered_field (covered_by);
CREATE INDEX ix_covered_field_field_id ON covered_field (field_id);
CREATE INDEX ix_covered_field_smear_id ON covered_field (smear_id);
CREATE INDEX ix_scorecard_release_id ON scorecard (release_id);
CREATE INDEX ix_repeat_cell_id ON repeat (cell_id);
CREATE INDEX ix_repeat_kept_id ON repeat (kept_id);
CREATE INDEX ix_repeat_smear_id ON repeat (smear_id);
CREATE UNIQUE INDEX uq_repeat_cell_run ON repeat (cell_id, run_id);
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
CREATE UNIQUE INDEX uq_mask_selection_name ON mask_selection (name);
CREATE INDEX ix_audit_entry_subject ON audit_entry (subject, seq) WHERE subject_class <> 'label';
CREATE TRIGGER audit_entry_is_not_changed BEFORE UPDATE ON audit_entry BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
CREATE TRIGGER audit_entry_is_not_removed BEFORE DELETE ON audit_entry BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
CREATE TRIGGER audit_entry_comes_last BEFORE INSERT ON audit_entry WHEN NEW.seq <> (SELECT coalesce(max(seq) + 1, 0) FROM audit_entry) BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
CREATE INDEX ix_label_imported ON label (round_id) WHERE event IS NULL;
CREATE UNIQUE INDEX uq_label_first ON label (round_id, cell_id, expert_id, purpose) WHERE supersedes IS NULL AND event IS NULL;
CREATE INDEX ix_label_event ON label (round_id, expert_id, cell_id, purpose, given_at, event) WHERE event IS NOT NULL;
CREATE INDEX ix_label_cell_id ON label (cell_id);
CREATE UNIQUE INDEX uq_label_supersedes ON label (supersedes) WHERE supersedes IS NOT NULL;
CREATE UNIQUE INDEX uq_round_name ON round (name);
COMMIT;
