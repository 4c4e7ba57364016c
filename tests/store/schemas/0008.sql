BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0008');
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
INSERT INTO "audit_entry" VALUES(0,'2026-11-23T03:11:23.901824Z',NULL,'began','workspace','8bbfb0d5c9722d94dbaa57b4ebe80a53',NULL,'0000000000000000000000000000000000000000000000000000000000000000','02db3969e09246f2b88874d3b17cd36d','0000000000000000000000000000000000000000000000000000000000000000','082ecd49571213c1d2d597db1f41ac3f5b9c2f04b7d0864a6619f0cf23794771');
INSERT INTO "audit_entry" VALUES(1,'2026-11-23T03:11:23.918974Z',NULL,'kept','taxonomy','ours@1',NULL,'0c7e1fe78cc87614e9a354b7015f22de8b28873ce263d8e31deca4d5e802c360','4708b7a302263302c4866f3164988162','082ecd49571213c1d2d597db1f41ac3f5b9c2f04b7d0864a6619f0cf23794771','759ddf4c4c838e1dfb3f6339b11ffa6ee1461ccb8f82f3220fb52c0090335e87');
INSERT INTO "audit_entry" VALUES(2,'2026-11-23T03:11:23.920095Z',NULL,'saved','query','mine',NULL,'1b98d18719b99cf9bbeb5261ebf9a29939a14523cb4308e38cd63e60076351e7','be57f1099801596c0b4e702b19529995','759ddf4c4c838e1dfb3f6339b11ffa6ee1461ccb8f82f3220fb52c0090335e87','abbaae21c1631ba7f9dfc48d2806c85939163ee939df375300681edfa16c794b');
INSERT INTO "audit_entry" VALUES(3,'2026-11-23T03:11:23.920663Z',NULL,'corrected','correction','k1',NULL,'a35b184f340223f25fafa4babc8135dd57be966e38e173fc9d1913e9c2296e31','8b47464802209d718857fced635f1490','abbaae21c1631ba7f9dfc48d2806c85939163ee939df375300681edfa16c794b','51fc823a275e9da0e42754475c8deaa3b28b041246a1b74bca185cefd3289325');
INSERT INTO "audit_entry" VALUES(4,'2026-11-23T03:11:23.921517Z','a','ruled','repeat_ruling','g1',NULL,'137d443f86a079823b534b1b40748e6f1afb10e33a4d48d2973cfcfbc97f5e91','78ae355d87a4e07c5ff21439b86f8650','51fc823a275e9da0e42754475c8deaa3b28b041246a1b74bca185cefd3289325','68eff12c51718d098fa64bed98ffd1af1988e62a0bf6a59c4028ada609645497');
INSERT INTO "audit_entry" VALUES(5,'2026-11-23T03:11:23.922000Z',NULL,'added','expert','e1',NULL,'1072edccc70c90b7f5267296c8cccedce0a2be18c8b229eb2ae1e3ee5fe03945','11e1a23745a0c70a2b91e7bd9a2c653c','68eff12c51718d098fa64bed98ffd1af1988e62a0bf6a59c4028ada609645497','ccffcf9c7c77c34b5b8bdf334028bb4c88b97aaad557395e1117eae179b2392f');
INSERT INTO "audit_entry" VALUES(6,'2026-11-23T03:11:23.942877Z',NULL,'appointed','appointment','a1',NULL,'a29224ab1e1d0ac965833f442403dd69dff2114f0f30990254ced1074f18e7df','d97319aa76a7c76658fbc8fba37d4a44','ccffcf9c7c77c34b5b8bdf334028bb4c88b97aaad557395e1117eae179b2392f','e96cce788eebd7c0acef497cc6188ec40c6b66dce293186f6ca508a30c5832f4');
INSERT INTO "audit_entry" VALUES(7,'2026-11-23T03:11:23.943744Z','e1','set-password','password','w1',NULL,'01f09fd9b8292507514a59f1eddb9ef3cd71007bef559db9e8623d8b4586d04b','9035cf6fe7ce70a6cb1fa860dfc7f02d','e96cce788eebd7c0acef497cc6188ec40c6b66dce293186f6ca508a30c5832f4','07d57766a8566c652ba39482abc90d9dbcdf71da5871d1aaa28ea10ca9764edb');
INSERT INTO "audit_entry" VALUES(8,'2026-11-23T03:11:23.944360Z','e1','signed-in','sign_in','n1',NULL,'8559b7e7c917b7802cb9587e2ba74704309a411d128a584303421d3bc153ec0b','73b854e9ad8999b42e1d27ff0b62c61f','07d57766a8566c652ba39482abc90d9dbcdf71da5871d1aaa28ea10ca9764edb','f79c4f1f99d0e22bb125af51372810d39db3fea70fd4b7c948b2dd1be64e8032');
INSERT INTO "audit_entry" VALUES(9,'2026-11-23T03:11:23.944954Z','e1','made-token','token','t1',NULL,'945e890b6cc3abe29001aac29d77d59331306c6563ccfd7d057c6fddc476776d','301dcf56895da1ba6f2566ef5fd76198','f79c4f1f99d0e22bb125af51372810d39db3fea70fd4b7c948b2dd1be64e8032','65424856b2759bc9ea96dffbd82b2b99bbfb37c6c265f31e4ad54d5a502421e4');
INSERT INTO "audit_entry" VALUES(10,'2026-11-23T03:11:23.960180Z','e1','invited','invitation','i1',NULL,'8758a82d23ed2e8b6ac99c66e7340ba846fd25f80c0627e16884e42a340e4765','476275036888ade91fc869cb883ce14c','65424856b2759bc9ea96dffbd82b2b99bbfb37c6c265f31e4ad54d5a502421e4','272ed3369641a078a83401f61da7369a03a9ef0a86f73f54932f6e3e8119b97c');
INSERT INTO "audit_entry" VALUES(11,'2026-11-23T03:11:23.960767Z','e1','ended','revocation','q1',NULL,'7492f332fd2588d3e7c9065cd9ed3ec0eb844e911475ab4957c78c8fdf7e1dbb','7c003424e4fdc1d5b51c602538f5ad3d','272ed3369641a078a83401f61da7369a03a9ef0a86f73f54932f6e3e8119b97c','ee6f2e04dd8b0fd4469164856ad10af12bce6da3fd5b9f3e6896753710e0df42');
INSERT INTO "audit_entry" VALUES(12,'2026-11-23T03:11:23.961723Z',NULL,'opened','round','o1','o1','44cbf8b728bfaf9b54e69cd8c2049c05e603309b88bc1c0106536c277e32aa34','2c70bfa71e52e6558e6ae83f1b1a5314','ee6f2e04dd8b0fd4469164856ad10af12bce6da3fd5b9f3e6896753710e0df42','54fb62819e38b0966f89ca9305b253aea9dc792b5ed0eabf68420a2c79c65c6e');
INSERT INTO "audit_entry" VALUES(13,'2026-11-23T03:11:23.961723Z',NULL,'opened','round','closed','closed','6512955a09648eb636a491b21fbc8fccfde9327675836868694f8ddffba5cb69','05e005415080042238a7d9e9b72a2997','54fb62819e38b0966f89ca9305b253aea9dc792b5ed0eabf68420a2c79c65c6e','98ad8a7d42fba7940837f33efc1769df4bd419b125547688494c03257b0f478d');
INSERT INTO "audit_entry" VALUES(14,'2026-11-23T03:11:23.961723Z',NULL,'opened','round','o2','o2','4bccdc3ed94335cbeac0a15b909a28cee38404918e43753c545b0085b9af28bf','d245d1f555a40648cd9c34aca48b321c','98ad8a7d42fba7940837f33efc1769df4bd419b125547688494c03257b0f478d','d08a835eb8158806f1dbc8d5b4fcd29f3d8f361328a9919c7d9439d932ce3201');
INSERT INTO "audit_entry" VALUES(15,'2026-11-23T03:11:23.962272Z','e1','closed','closing','h1','o1','464ecd1da99022e6b43ee600386fa591bc30832471a266e47180f1a1793aece0','aad78a20660f16cf2e7c4df3ac6ef729','d08a835eb8158806f1dbc8d5b4fcd29f3d8f361328a9919c7d9439d932ce3201','2382d9b9c1ae8cde8dc0b17c0f5980cfdba9a37efe3106685751d9d9c54069a8');
INSERT INTO "audit_entry" VALUES(16,'2026-11-23T03:11:23.971834Z','e1','answered','label','l0','o1','7c3a967000d80c0910f3d1c533ab21c1ed0edcbc0b360ecf5e52293d5e1a9c6a','e21b10147624eb033f93085a6169f170','2382d9b9c1ae8cde8dc0b17c0f5980cfdba9a37efe3106685751d9d9c54069a8','73d6652c503e56382418f4feefeee4bb4733f153651dd2c36e24d0c12c57943a');
INSERT INTO "audit_entry" VALUES(17,'2026-11-23T03:11:23.971834Z','e1','took-back','label','l1','o2','821244e98af934461d6e64d6df4c9ae1150e5fb8fb46d947cc3101ac405c31ae','583bb69da0a357e0e1ce5b1db8877f39','73d6652c503e56382418f4feefeee4bb4733f153651dd2c36e24d0c12c57943a','d1097680833fc9bf95c66a62bc1710780a25c803c56e3b44d14e5961890a089a');
INSERT INTO "audit_entry" VALUES(18,'2026-11-23T03:11:23.973637Z','e1','outlined','mask','m2',NULL,'29db03a70696e90b26d82d5ba39c8122dfa79c5d5c996200b7084cd386d0bc17','9ee98990dfa60fceb20ed6bcfe442a07','d1097680833fc9bf95c66a62bc1710780a25c803c56e3b44d14e5961890a089a','272fd89f98971f90178328cd298beb91e7da9b4a621600d832bddf26c0357278');
INSERT INTO "audit_entry" VALUES(19,'2026-11-23T03:11:23.974375Z',NULL,'selected','mask_selection','s2',NULL,'c1b59c59aed1c50c4a64bbe12d365a1eabc3fb3d7b79567049d56f45e25164ce','c6215a20a48015252a065b6715acf3d7','272fd89f98971f90178328cd298beb91e7da9b4a621600d832bddf26c0357278','2034b2698bbf691150008f6c9046dce79dd02eea5b2a2b8a496c139f3e777b6b');
INSERT INTO "audit_entry" VALUES(20,'2026-11-23T03:11:23.992066Z',NULL,'released','release','x1',NULL,'2e544f5a2948efa4b516ec964e5b4ae1a2b6a5f5612ffd21f2c1838c645a22fd','08189fae79140998e2e04a189b83ecee','2034b2698bbf691150008f6c9046dce79dd02eea5b2a2b8a496c139f3e777b6b','a4f58da33ac413a1cea4e4aa6db4c72c4fed0ab89e746eeed426616d36f0524b');
INSERT INTO "audit_entry" VALUES(21,'2026-11-23T03:11:24.007836Z','e1','shown','showing','y1','o1','83d1ef83204e9f57759ca58f18b93cc40818bf62cb6526d1fd27ca2f7d2a401a','3a2a2a9e781988d8db9efc4516aa71cd','a4f58da33ac413a1cea4e4aa6db4c72c4fed0ab89e746eeed426616d36f0524b','6aa720080164cb68c0c2840fd7994b2bfc1fc174a9922677702ab25a1d0300fb');
INSERT INTO "audit_entry" VALUES(22,'2026-11-23T03:11:24.008519Z','e1','sorted','gallery_label','g1',NULL,'9c44cb2d07cc8dc822db12359c7248506349d042958f0e45d8182042f40e9a8f','bc07a94916d6b68d9fb7c6f2dd68d5b4','6aa720080164cb68c0c2840fd7994b2bfc1fc174a9922677702ab25a1d0300fb','b0d72fb6e4262d8e24e5b8db2f24fac7abf1d8039764cb6d506d25d10abff9d0');
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
	CONSTRAINT fk_label_run_id FOREIGN KEY(run_id) REFERENCES run (id), 
	CONSTRAINT fk_label_cell_id FOREIGN KEY(cell_id) REFERENCES cell (id), 
	CONSTRAINT fk_label_expert_id FOREIGN KEY(expert_id) REFERENCES expert (id)
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
CREATE INDEX ix_gallery_label_cell_id ON gallery_label (cell_id);
CREATE INDEX ix_gallery_label_newest ON gallery_label (expert_id, cell_id, given_at, event);
CREATE INDEX ix_label_event ON label (round_id, expert_id, cell_id, purpose, given_at, event) WHERE event IS NOT NULL;
CREATE UNIQUE INDEX uq_label_first ON label (round_id, cell_id, expert_id, purpose) WHERE supersedes IS NULL AND event IS NULL;
CREATE INDEX ix_label_imported ON label (round_id) WHERE event IS NULL;
CREATE UNIQUE INDEX uq_label_supersedes ON label (supersedes) WHERE supersedes IS NOT NULL;
CREATE INDEX ix_label_cell_id ON label (cell_id);
CREATE UNIQUE INDEX uq_round_name ON round (name);
COMMIT;
