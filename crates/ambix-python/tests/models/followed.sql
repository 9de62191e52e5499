CREATE TABLE app_firsts (
	id INTEGER NOT NULL,
	code VARCHAR(3) NOT NULL,
	PRIMARY KEY (id)
);
CREATE TABLE app_seconds (
	id INTEGER NOT NULL,
	code VARCHAR(3) NOT NULL,
	PRIMARY KEY (id)
);
CREATE TABLE color_green (
	id INTEGER NOT NULL,
	green VARCHAR(10),
	created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
	updated_at DATETIME,
	PRIMARY KEY (id)
);
CREATE TABLE color_red (
	id INTEGER NOT NULL,
	red VARCHAR(10),
	created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
	updated_at DATETIME,
	PRIMARY KEY (id)
);
CREATE TABLE extra (
	id INTEGER NOT NULL,
	PRIMARY KEY (id)
);
CREATE TABLE wide (
	c00 INTEGER NOT NULL,
	c01 INTEGER,
	c02 INTEGER,
	PRIMARY KEY (c00)
);
CREATE INDEX ix_wide ON wide (c01, c02 DESC);
CREATE TABLE app_items (
	id INTEGER NOT NULL,
	title VARCHAR(200) NOT NULL,
	first_id INTEGER NOT NULL,
	second_id INTEGER,
	item_kind VARCHAR(4) DEFAULT 'app_kind' NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(first_id) REFERENCES app_firsts (id),
	UNIQUE (second_id),
	FOREIGN KEY(second_id) REFERENCES app_seconds (id)
);
CREATE INDEX ix_app_items_title ON app_items (title);
CREATE INDEX ix_item_first_id ON app_items (first_id);
CREATE INDEX ix_item_item_kind ON app_items (item_kind);
