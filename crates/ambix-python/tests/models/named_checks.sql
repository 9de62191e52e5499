CREATE TABLE t (
	id INTEGER NOT NULL,
	n INTEGER NOT NULL,
	cost INTEGER NOT NULL,
	start INTEGER NOT NULL,
	"end" INTEGER NOT NULL,
	flag BOOLEAN,
	PRIMARY KEY (id),
	CONSTRAINT ck_t_n CHECK (n > 5),
	CONSTRAINT ck_t_cost CHECK (cost IN (1, 2)),
	CONSTRAINT ck_t_start CHECK (start < "end"),
	CONSTRAINT ck_t_start CHECK (abs(start) > 3),
	CONSTRAINT own CHECK (n > 7),
	CONSTRAINT owned CHECK (n > 8),
	CONSTRAINT ck_t_flag CHECK (flag IN (0, 1))
);
CREATE TABLE u (
	id INTEGER NOT NULL,
	n INTEGER NOT NULL,
	PRIMARY KEY (id),
	CONSTRAINT ck_u_n CHECK (n > 5)
);
CREATE TABLE v (
	aa INTEGER,
	b INTEGER,
	CONSTRAINT ck_v_aa CHECK (aa > 5),
	CONSTRAINT ck_v_b CHECK (b > 5),
	CONSTRAINT ck_v_aa CHECK (aa > 7 OR aa < 3)
);
