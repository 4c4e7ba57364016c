BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0005');
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
	run_id VARCHAR NOT NULL, event VARCHAR, withdrawn BOOLEAN DEFAULT '0' NOT NULL, look VARCHAR DEFAULT 'single' NOT NULL, turned INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_label PRIMARY KEY (id), 
	CONSTRAINT fk_label_cell_id FOREIGN KEY(cell_id) REFERENCES cell (id), 
	CONSTRAINT fk_label_expert_id FOREIGN KEY(expert_id) REFERENCES expert (id), 
	CONSTRAINT fk_label_supersedes FOREIGN KEY(supersedes) REFERENCES label (id), 
	CONSTRAINT fk_label_round_id FOREIGN KEY(round_id) REFERENCES round (id), 
	CONSTRAINT fk_label_run_id FOREIGN KEY(run_id) REFERENCES run (id)
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
	run_id VARCHAR NOT NULL, 
	CONSTRAINT pk_mask PRIMARY KEY (id), 
	CONSTRAINT fk_mask_cell_id FOREIGN KEY(cell_id) REFERENCES cell (id), 
	CONSTRAINT fk_mask_supersedes FOREIGN KEY(supersedes) REFERENCES mask (id), 
	CONSTRAINT fk_mask_run_id FOREIGN KEY(run_id) REFERENCES run (id)
);
INSERT INTO "mask" VALUES('m1','c1','nucleus',2,2,'[1, 3]','best',NULL,NULL,'r1');
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
CREATE TABLE round (
	id VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	taxonomy VARCHAR NOT NULL, 
	cells JSON NOT NULL, 
	experts JSON NOT NULL, 
	opened_at DATETIME NOT NULL, 
	run_id VARCHAR NOT NULL, closed_at DATETIME, mode VARCHAR DEFAULT 'blind' NOT NULL, level VARCHAR DEFAULT 'full' NOT NULL, repeat_share FLOAT DEFAULT '0' NOT NULL, gold JSON DEFAULT '[]' NOT NULL, secret VARCHAR DEFAULT '' NOT NULL, 
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
COMMIT;
