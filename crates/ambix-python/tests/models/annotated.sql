CREATE TABLE user (
	id INTEGER NOT NULL,
	name VARCHAR(50) NOT NULL,
	other VARCHAR(50),
	count BIGINT NOT NULL,
	price NUMERIC(10, 2) NOT NULL,
	data JSON NOT NULL,
	tags JSON NOT NULL,
	"key" CHAR(32) NOT NULL,
	created DATETIME DEFAULT CURRENT_TIMESTAMP NOT NULL,
	maybe VARCHAR(9),
	"union" INTEGER,
	quoted INTEGER,
	later DATETIME NOT NULL,
	PRIMARY KEY (id)
);
CREATE INDEX ix_user_quoted ON user (quoted);
CREATE TABLE child (
	id INTEGER NOT NULL,
	parent_id INTEGER NOT NULL,
	second_id INTEGER,
	ratio DOUBLE NOT NULL,
	renamed INTEGER NOT NULL,
	PRIMARY KEY (id, renamed),
	FOREIGN KEY(parent_id) REFERENCES user (id) ON DELETE CASCADE,
	FOREIGN KEY(second_id) REFERENCES user (id) ON DELETE CASCADE
);
CREATE INDEX ix_child_second_id ON child (second_id);
CREATE INDEX ix_child_parent_id ON child (parent_id);
