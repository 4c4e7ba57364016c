BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0010');
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
INSERT INTO "audit_entry" VALUES(0,'2026-11-23T03:11:25.174394Z',NULL,'began','workspace','8b609169f7e94b50fdddd6b613fea3f7',NULL,'0000000000000000000000000000000000000000000000000000000000000000','68e86d77a271de77f4cc2504f6cdaa90','0000000000000000000000000000000000000000000000000000000000000000','8dee2528cd70b529a3c18d253f83aa6544e2d53a246d2ef14a7e2b7176420dc4');
INSERT INTO "audit_entry" VALUES(1,'2026-11-23T03:11:25.180362Z',NULL,'kept','taxonomy','ours@1',NULL,'0c7e1fe78cc87614e9a354b7015f22de8b28873ce263d8e31deca4d5e802c360','f0ad074cca9dc91c2cb2aae4da9c0455','8dee2528cd70b529a3c18d253f83aa6544e2d53a246d2ef14a7e2b7176420dc4','05aa668bd7d6250f098a990f2f5d9ace974a6d03f345f8b360a3e52f6f9c713f');
INSERT INTO "audit_entry" VALUES(2,'2026-11-23T03:11:25.181229Z',NULL,'saved','query','mine',NULL,'1b98d18719b99cf9bbeb5261ebf9a29939a14523cb4308e38cd63e60076351e7','1b7ca6a5f4c1b88edecb645f7d6cf85e','05aa668bd7d6250f098a990f2f5d9ace974a6d03f345f8b360a3e52f6f9c713f','b5f59b43788423d3b1383c77f7a95ea32ff60304175abc6bb62d69c3166832c7');
INSERT INTO "audit_entry" VALUES(3,'2026-11-23T03:11:25.181868Z',NULL,'corrected','correction','k1',NULL,'a35b184f340223f25fafa4babc8135dd57be966e38e173fc9d1913e9c2296e31','8f6a5566936047e3aa46ab72081ed4a0','b5f59b43788423d3b1383c77f7a95ea32ff60304175abc6bb62d69c3166832c7','c1b8b46c4e7842058d916266550836c327a68f3aac7e1483a6c05829143dff5b');
INSERT INTO "audit_entry" VALUES(4,'2026-11-23T03:11:25.190325Z','a','ruled','repeat_ruling','g1',NULL,'137d443f86a079823b534b1b40748e6f1afb10e33a4d48d2973cfcfbc97f5e91','3a9f8ad85051df09bc1fa58615dbbe56','c1b8b46c4e7842058d916266550836c327a68f3aac7e1483a6c05829143dff5b','2d049913d949cbf71b3fc2402d0634d27584287a0283d6c46604059b479a2e54');
INSERT INTO "audit_entry" VALUES(5,'2026-11-23T03:11:25.191080Z',NULL,'added','expert','e1',NULL,'1072edccc70c90b7f5267296c8cccedce0a2be18c8b229eb2ae1e3ee5fe03945','84b240146ff03070986167fb8b985fce','2d049913d949cbf71b3fc2402d0634d27584287a0283d6c46604059b479a2e54','56d2fd73009aefcaead9ac5bf9c7d3bd796cddf9a19919dfa0b413be36a6ae78');
INSERT INTO "audit_entry" VALUES(6,'2026-11-23T03:11:25.191708Z',NULL,'appointed','appointment','a1',NULL,'a29224ab1e1d0ac965833f442403dd69dff2114f0f30990254ced1074f18e7df','0dda394548f1d514e7d01b22fdbe9e11','56d2fd73009aefcaead9ac5bf9c7d3bd796cddf9a19919dfa0b413be36a6ae78','73d67ad22e6477b3406a8586e87c020d589f041a8bc2123061d45fab3c79e1bc');
INSERT INTO "audit_entry" VALUES(7,'2026-11-23T03:11:25.192170Z','e1','set-password','password','w1',NULL,'01f09fd9b8292507514a59f1eddb9ef3cd71007bef559db9e8623d8b4586d04b','35e84e54243b83a35952629129270e58','73d67ad22e6477b3406a8586e87c020d589f041a8bc2123061d45fab3c79e1bc','3337f7ff441360e0df722bc5820c2036139aa7c917270d1b74dacb039cb6bf57');
INSERT INTO "audit_entry" VALUES(8,'2026-11-23T03:11:25.192644Z','e1','signed-in','sign_in','n1',NULL,'8559b7e7c917b7802cb9587e2ba74704309a411d128a584303421d3bc153ec0b','9e7afe91c0f6e5e66a03db76e6212de6','3337f7ff441360e0df722bc5820c2036139aa7c917270d1b74dacb039cb6bf57','ffe89457089da490d4e8432a39f1f3db42ce66d94deea627d0d47f3ea21e356c');
INSERT INTO "audit_entry" VALUES(9,'2026-11-23T03:11:25.193167Z','e1','made-token','token','t1',NULL,'945e890b6cc3abe29001aac29d77d59331306c6563ccfd7d057c6fddc476776d','a2537ca2a41a073dfb26bd39bbbf4412','ffe89457089da490d4e8432a39f1f3db42ce66d94deea627d0d47f3ea21e356c','041090c89a93c7b1024fa3acf058daf14cbe2497daa80148b2b1f0b49c2b3d69');
INSERT INTO "audit_entry" VALUES(10,'2026-11-23T03:11:25.193999Z','e1','invited','invitation','i1',NULL,'8758a82d23ed2e8b6ac99c66e7340ba846fd25f80c0627e16884e42a340e4765','cf274165d63e2ac608f6eaa4deb7ef9a','041090c89a93c7b1024fa3acf058daf14cbe2497daa80148b2b1f0b49c2b3d69','fd6c5b501863e11c764ee8319797b05b605914e8722aa26646ec0e2ddc6b298a');
INSERT INTO "audit_entry" VALUES(11,'2026-11-23T03:11:25.197541Z','e1','ended','revocation','q1',NULL,'7492f332fd2588d3e7c9065cd9ed3ec0eb844e911475ab4957c78c8fdf7e1dbb','38ec0ee8c2a8c57aff0bfe91c58bebc8','fd6c5b501863e11c764ee8319797b05b605914e8722aa26646ec0e2ddc6b298a','a113a7a31de2a2dc41c06fb8dd56773bd7c91f0a07f1c076a241c9727a6dfaf0');
INSERT INTO "audit_entry" VALUES(12,'2026-11-23T03:11:25.198894Z',NULL,'opened','round','o1','o1','44cbf8b728bfaf9b54e69cd8c2049c05e603309b88bc1c0106536c277e32aa34','a62f144fe971d6569324ac454df010b3','a113a7a31de2a2dc41c06fb8dd56773bd7c91f0a07f1c076a241c9727a6dfaf0','73ce8e7e7ba9a293569f1b7f56ddbc59fd5e978007a27e22de5259a2afbe855b');
INSERT INTO "audit_entry" VALUES(13,'2026-11-23T03:11:25.198894Z',NULL,'opened','round','closed','closed','6512955a09648eb636a491b21fbc8fccfde9327675836868694f8ddffba5cb69','a915f45c879638b240161583d5780e01','73ce8e7e7ba9a293569f1b7f56ddbc59fd5e978007a27e22de5259a2afbe855b','c33cc39047290012e176967b0fae90d96e1d2db89fc1fed0ee4d127a6e6ac157');
INSERT INTO "audit_entry" VALUES(14,'2026-11-23T03:11:25.198894Z',NULL,'opened','round','o2','o2','4bccdc3ed94335cbeac0a15b909a28cee38404918e43753c545b0085b9af28bf','beaa631d79ec01156cb9da15056bce27','c33cc39047290012e176967b0fae90d96e1d2db89fc1fed0ee4d127a6e6ac157','751f58b7d6ce6df02f657641ae4a67567fc0dff1527dcc976b53fe5538711527');
INSERT INTO "audit_entry" VALUES(15,'2026-11-23T03:11:25.199540Z','e1','closed','closing','h1','o1','464ecd1da99022e6b43ee600386fa591bc30832471a266e47180f1a1793aece0','354831b0db38a11d02203e75b1b3f255','751f58b7d6ce6df02f657641ae4a67567fc0dff1527dcc976b53fe5538711527','d78987e63eabe87b9a9bf894fb23732eac9cde8d62762000e97733eb58764298');
INSERT INTO "audit_entry" VALUES(16,'2026-11-23T03:11:25.211420Z','e1','answered','label','l0','o1','7c3a967000d80c0910f3d1c533ab21c1ed0edcbc0b360ecf5e52293d5e1a9c6a','7a43b4a4c595802cd05a4fb2a209b733','d78987e63eabe87b9a9bf894fb23732eac9cde8d62762000e97733eb58764298','83e461dc864ea8d817725d10cbaf4c8888259e39aa09386cff57c866ce768b2a');
INSERT INTO "audit_entry" VALUES(17,'2026-11-23T03:11:25.211420Z','e1','took-back','label','l1','o2','821244e98af934461d6e64d6df4c9ae1150e5fb8fb46d947cc3101ac405c31ae','56219ee0f55b9ef2f2244fd08c23f5cd','83e461dc864ea8d817725d10cbaf4c8888259e39aa09386cff57c866ce768b2a','c4372f7812ea05eed76dfb06cd1fb30be12ba57d792298799182668494a1f52d');
INSERT INTO "audit_entry" VALUES(18,'2026-11-23T03:11:25.214352Z','e1','outlined','mask','m2',NULL,'29db03a70696e90b26d82d5ba39c8122dfa79c5d5c996200b7084cd386d0bc17','f47b10729dd013260ae7ea377c65649d','c4372f7812ea05eed76dfb06cd1fb30be12ba57d792298799182668494a1f52d','15f42f5da3972d9e00f25b145a19b009abcdd4c55a290bccab1995a8ad205657');
INSERT INTO "audit_entry" VALUES(19,'2026-11-23T03:11:25.215116Z',NULL,'selected','mask_selection','s2',NULL,'c1b59c59aed1c50c4a64bbe12d365a1eabc3fb3d7b79567049d56f45e25164ce','87ced66bbd6b7d07535aef7914bb09a5','15f42f5da3972d9e00f25b145a19b009abcdd4c55a290bccab1995a8ad205657','652a0753fd1e07dba2cd196e524f095da1221905115158fe86af55d3358a94d4');
INSERT INTO "audit_entry" VALUES(20,'2026-11-23T03:11:25.216018Z',NULL,'released','release','x1',NULL,'2e544f5a2948efa4b516ec964e5b4ae1a2b6a5f5612ffd21f2c1838c645a22fd','e4a97ef54e12f469fb06d7b91f24da51','652a0753fd1e07dba2cd196e524f095da1221905115158fe86af55d3358a94d4','46c98c132c38140f28915cbcb04f6a3b9a2de9ad7167697e493f4d1de29e1bb0');
INSERT INTO "audit_entry" VALUES(21,'2026-11-23T03:11:25.236172Z','e1','handed-in','hand_in','h2','o1','5a6bd33880a55e93d33a66438ed67a2e832fa20a82e656a3b6c9f7fd818e76cd','3754f5c5cf69ef8aa783c9fd7a9778e2','46c98c132c38140f28915cbcb04f6a3b9a2de9ad7167697e493f4d1de29e1bb0','37d14badb90b948c9eaccae9e3bbb7a963123be2f905167fea73422006545a8e');
INSERT INTO "audit_entry" VALUES(22,'2026-11-23T03:11:25.236710Z','e1','shown','showing','y1','o1','83d1ef83204e9f57759ca58f18b93cc40818bf62cb6526d1fd27ca2f7d2a401a','71a88561c2db17f9d4195fd0d51b29b7','37d14badb90b948c9eaccae9e3bbb7a963123be2f905167fea73422006545a8e','8032bd1eb282a47066631cf132bc28af593a511da529c9792bb6cbb66e18465c');
INSERT INTO "audit_entry" VALUES(23,'2026-11-23T03:11:25.237099Z','e1','sorted','gallery_label','g1',NULL,'9c44cb2d07cc8dc822db12359c7248506349d042958f0e45d8182042f40e9a8f','68da1cbf7c0ab4788996c4a7c31def35','8032bd1eb282a47066631cf132bc28af593a511da529c9792bb6cbb66e18465c','4450a5178236617ff8fb30a240b5d77a72396df998e087384f19874f1d215c21');
INSERT INTO "audit_entry" VALUES(24,'2026-11-23T03:11:25.237476Z','e1','boxed','box_event','b1',NULL,'5088efa769c99485b35a3bc168fc163f40f8140ca51620929746d265442106a8','194b4d1ac3bdb3db5dcdc93ee2740adf','4450a5178236617ff8fb30a240b5d77a72396df998e087384f19874f1d215c21','b6a15b0b543abb0f14aed2dce3e725a8a343244e43d8780b22438d2811346b1f');
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
	CONSTRAINT fk_label_cell_id FOREIGN KEY(cell_id) REFERENCES cell (id), 
	CONSTRAINT fk_label_run_id FOREIGN KEY(run_id) REFERENCES run (id), 
	CONSTRAINT fk_label_supersedes FOREIGN KEY(supersedes) REFERENCES label (id), 
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
CREATE INDEX ix_box_event_field_id ON box_event (field_id);
CREATE INDEX ix_box_event_cell_id ON box_event (cell_id);
CREATE INDEX ix_box_event_subject ON box_event (subject, given_at, event);
CREATE UNIQUE INDEX uq_hand_in_round_expert ON hand_in (round_id, expert_id);
CREATE UNIQUE INDEX uq_label_supersedes ON label (supersedes) WHERE supersedes IS NOT NULL;
CREATE INDEX ix_label_event ON label (round_id, expert_id, cell_id, purpose, given_at, event) WHERE event IS NOT NULL;
CREATE INDEX ix_label_cell_id ON label (cell_id);
CREATE INDEX ix_label_imported ON label (round_id) WHERE event IS NULL;
CREATE UNIQUE INDEX uq_label_first ON label (round_id, cell_id, expert_id, purpose) WHERE supersedes IS NULL AND event IS NULL;
CREATE UNIQUE INDEX uq_round_name ON round (name);
COMMIT;
