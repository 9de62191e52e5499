CREATE TABLE experiment (
	id INTEGER NOT NULL,
	uuid TEXT,
	name TEXT NOT NULL,
	description TEXT,
	is_archived BOOLEAN,
	created_at DATETIME,
	updated_at DATETIME,
	PRIMARY KEY (id),
	UNIQUE (name)
);
CREATE UNIQUE INDEX ix_experiment_uuid ON experiment (uuid);
CREATE TABLE tag (
	id INTEGER NOT NULL,
	uuid TEXT,
	name TEXT NOT NULL,
	color TEXT,
	description TEXT,
	is_archived BOOLEAN,
	created_at DATETIME,
	updated_at DATETIME,
	PRIMARY KEY (id),
	UNIQUE (name)
);
CREATE UNIQUE INDEX ix_tag_uuid ON tag (uuid);
CREATE TABLE run (
	id INTEGER NOT NULL,
	hash TEXT NOT NULL,
	name TEXT,
	description TEXT,
	is_archived BOOLEAN,
	created_at DATETIME,
	updated_at DATETIME,
	finalized_at DATETIME,
	experiment_id INTEGER,
	PRIMARY KEY (id),
	FOREIGN KEY(experiment_id) REFERENCES experiment (id)
);
CREATE UNIQUE INDEX ix_run_hash ON run (hash);
CREATE TABLE note (
	id INTEGER NOT NULL,
	content TEXT NOT NULL,
	run_id INTEGER,
	experiment_id INTEGER,
	created_at DATETIME,
	updated_at DATETIME,
	PRIMARY KEY (id),
	FOREIGN KEY(run_id) REFERENCES run (id),
	FOREIGN KEY(experiment_id) REFERENCES experiment (id)
);
CREATE TABLE run_info (
	id INTEGER NOT NULL,
	run_id INTEGER,
	created_at DATETIME,
	updated_at DATETIME,
	last_notification_index INTEGER,
	PRIMARY KEY (id),
	FOREIGN KEY(run_id) REFERENCES run (id)
);
CREATE TABLE run_tag (
	run_id INTEGER NOT NULL,
	tag_id INTEGER NOT NULL,
	PRIMARY KEY (run_id, tag_id),
	FOREIGN KEY(run_id) REFERENCES run (id),
	FOREIGN KEY(tag_id) REFERENCES tag (id)
);
CREATE TABLE note_audit_log (
	id INTEGER NOT NULL,
	note_id INTEGER NOT NULL,
	datetime DATETIME,
	action TEXT,
	before_edit TEXT,
	after_edit TEXT,
	PRIMARY KEY (id),
	FOREIGN KEY(note_id) REFERENCES note (id) ON DELETE CASCADE
);
