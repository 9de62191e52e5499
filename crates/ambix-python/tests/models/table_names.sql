CREATE TABLE h_t_t_p_log (
	id INTEGER NOT NULL,
	PRIMARY KEY (id)
);
CREATE TABLE http_server2_address (
	id INTEGER NOT NULL,
	PRIMARY KEY (id)
);
CREATE TABLE my_http_thing (
	id INTEGER NOT NULL,
	PRIMARY KEY (id)
);
CREATE TABLE "some-thing-2-" (
	id INTEGER NOT NULL,
	PRIMARY KEY (id)
);
CREATE TABLE user_account (
	id INTEGER NOT NULL,
	PRIMARY KEY (id)
);
CREATE TABLE xml_http_requests (
	id INTEGER NOT NULL,
	PRIMARY KEY (id)
);
