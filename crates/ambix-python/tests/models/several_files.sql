CREATE TABLE users (
	id INTEGER NOT NULL,
	name VARCHAR(12),
	created DATETIME DEFAULT CURRENT_TIMESTAMP,
	CONSTRAINT pk_users PRIMARY KEY (id)
);
CREATE TABLE orders (
	id INTEGER NOT NULL,
	status VARCHAR(8),
	customer_id INTEGER,
	again_id INTEGER,
	CONSTRAINT pk_orders PRIMARY KEY (id),
	CONSTRAINT fk_orders_customer_id FOREIGN KEY(customer_id) REFERENCES users (id),
	CONSTRAINT fk_orders_again_id FOREIGN KEY(again_id) REFERENCES users (id)
);
