CREATE TABLE item (
	id INTEGER NOT NULL,
	col VARCHAR,
	oth INTEGER,
	third INTEGER NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (oth),
	CHECK (third > 5)
);
CREATE INDEX ix_kk ON item (col);
CREATE INDEX ix_attribute ON item (col);
CREATE INDEX ix_expression ON item (lower(col));
CREATE INDEX ix_where ON item (lower(col)) WHERE oth > 5;
CREATE INDEX ix_of_table ON item (col, third);
CREATE TABLE users (
	id INTEGER NOT NULL,
	name VARCHAR,
	age INTEGER,
	low VARCHAR GENERATED ALWAYS AS (lower(name)),
	PRIMARY KEY (id),
	CHECK (name != 'x'),
	UNIQUE (name),
	CONSTRAINT uq_name UNIQUE (name)
);
CREATE INDEX ix_down ON users (name, age DESC);
CREATE INDEX ix_in ON users (name);
CREATE INDEX ix_low ON users (lower(name));
CREATE INDEX ix_lower ON users (lower(name)) WHERE age > 5;
CREATE INDEX ix_nm ON users (name);
CREATE TABLE child (
	id INTEGER NOT NULL,
	a VARCHAR,
	b VARCHAR,
	c INTEGER,
	d INTEGER,
	e_1 INTEGER,
	PRIMARY KEY (id),
	FOREIGN KEY(e_1) REFERENCES item (third),
	FOREIGN KEY(e_1) REFERENCES item (oth),
	FOREIGN KEY(a) REFERENCES item (col),
	FOREIGN KEY(b) REFERENCES item (col),
	FOREIGN KEY(c) REFERENCES item (third),
	FOREIGN KEY(d) REFERENCES item (third)
);
CREATE TABLE posts (
	id INTEGER NOT NULL,
	user_name VARCHAR,
	user_id INTEGER,
	other_id INTEGER,
	PRIMARY KEY (id),
	FOREIGN KEY(other_id) REFERENCES users (id),
	FOREIGN KEY(user_name) REFERENCES users (name),
	FOREIGN KEY(user_id) REFERENCES users (id)
);
