CREATE TABLE team (
	id INTEGER NOT NULL,
	headquarters VARCHAR NOT NULL,
	PRIMARY KEY (id)
);
CREATE TABLE hero (
	name VARCHAR(40) NOT NULL,
	age INTEGER,
	id INTEGER NOT NULL,
	secret VARCHAR NOT NULL,
	team_id INTEGER,
	color VARCHAR(7) NOT NULL,
	token CHAR(32) NOT NULL,
	born DATE NOT NULL,
	seen DATETIME,
	took DATETIME NOT NULL,
	price NUMERIC(5, 2) NOT NULL,
	ratio FLOAT NOT NULL,
	active BOOLEAN NOT NULL,
	raw BLOB NOT NULL,
	data JSON NOT NULL,
	own_name VARCHAR(7),
	more VARCHAR DEFAULT 'x',
	PRIMARY KEY (id),
	UNIQUE (name, secret),
	UNIQUE (secret),
	FOREIGN KEY(team_id) REFERENCES team (id) ON DELETE SET NULL
);
CREATE INDEX ix_secret ON hero (secret);
CREATE INDEX ix_hero_age ON hero (age);
CREATE INDEX ix_hero_name ON hero (name);
CREATE TABLE links (
	hero_id INTEGER NOT NULL,
	team_id INTEGER NOT NULL,
	PRIMARY KEY (hero_id, team_id),
	FOREIGN KEY(hero_id) REFERENCES hero (id),
	FOREIGN KEY(team_id) REFERENCES team (id)
);
