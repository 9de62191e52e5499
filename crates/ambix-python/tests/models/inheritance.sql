CREATE TABLE employee (
	id INTEGER NOT NULL,
	type VARCHAR(20),
	name VARCHAR(50) NOT NULL,
	info VARCHAR(9),
	PRIMARY KEY (id),
	UNIQUE (name)
);
CREATE TABLE trip (
	place VARCHAR,
	id INTEGER NOT NULL,
	PRIMARY KEY (id)
);
CREATE TABLE flights (
	trip_id INTEGER,
	id INTEGER NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(trip_id) REFERENCES trip (id)
);
CREATE TABLE manager (
	id INTEGER NOT NULL,
	level INTEGER,
	budget INTEGER,
	PRIMARY KEY (id),
	CONSTRAINT ck_level CHECK (level > 0),
	FOREIGN KEY(id) REFERENCES employee (id)
);
CREATE INDEX ix_manager_budget ON manager (budget);
