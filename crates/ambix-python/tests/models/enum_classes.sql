CREATE TABLE moods (
	id INTEGER NOT NULL,
	names VARCHAR(3),
	by_value VARCHAR(6),
	by_function VARCHAR(7),
	listed VARCHAR(6),
	by_method VARCHAR(7),
	checked VARCHAR(6),
	wide VARCHAR(30),
	text VARCHAR(20) DEFAULT 'low',
	text2 VARCHAR(20) DEFAULT 'low',
	name VARCHAR(20) DEFAULT 'sad',
	PRIMARY KEY (id),
	CONSTRAINT by_method CHECK (by_method IN ('low', 'highest')),
	CONSTRAINT ck_rank CHECK (checked IN ('first', 'second'))
);
CREATE TABLE person (
	id INTEGER NOT NULL,
	mood VARCHAR(3) NOT NULL,
	level VARCHAR(7),
	state VARCHAR(9) NOT NULL,
	word VARCHAR(3),
	rank VARCHAR(6) NOT NULL,
	PRIMARY KEY (id)
);
CREATE INDEX ix_person_level ON person (level);
