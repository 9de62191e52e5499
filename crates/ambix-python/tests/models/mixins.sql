CREATE TABLE user_account (
	id INTEGER NOT NULL,
	name VARCHAR(30) NOT NULL,
	PRIMARY KEY (id)
);
CREATE TABLE blog_post (
	id INTEGER NOT NULL,
	title VARCHAR,
	created_at DATETIME DEFAULT CURRENT_TIMESTAMP NOT NULL,
	updated_at DATETIME,
	creator_id INTEGER,
	tenant VARCHAR(20) NOT NULL,
	deleted BOOLEAN DEFAULT 0,
	PRIMARY KEY (id),
	CONSTRAINT uq_blog_post_tenant UNIQUE (tenant, id),
	FOREIGN KEY(creator_id) REFERENCES user_account (id)
);
CREATE INDEX ix_blog_post_tenant ON blog_post (tenant);
CREATE INDEX ix_blog_post_updated_at ON blog_post (updated_at);
CREATE TABLE comments (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	made_at DATETIME,
	body VARCHAR(100),
	post_id INTEGER,
	updated_at DATETIME,
	creator_id INTEGER,
	CONSTRAINT ck_body CHECK (body != ''),
	UNIQUE (body, post_id),
	FOREIGN KEY(post_id) REFERENCES blog_post (id),
	FOREIGN KEY(creator_id) REFERENCES user_account (id)
);
CREATE INDEX ix_comments_updated_at ON comments (updated_at);
