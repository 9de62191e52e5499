CREATE TABLE users (
	id CHAR(32) NOT NULL,
	name VARCHAR(50) NOT NULL,
	created_at DATETIME NOT NULL,
	token VARCHAR(200) NOT NULL,
	token_hash VARCHAR(2000) NOT NULL,
	global_role VARCHAR(100) NOT NULL,
	active BOOLEAN NOT NULL,
	deleted BOOLEAN DEFAULT 0 NOT NULL,
	original_name VARCHAR(50),
	ssh_private_key TEXT,
	ssh_public_key TEXT,
	email VARCHAR(200),
	projects_quota INTEGER NOT NULL,
	CONSTRAINT pk_users PRIMARY KEY (id),
	CONSTRAINT uq_users_name UNIQUE (name),
	CONSTRAINT uq_users_token UNIQUE (token),
	CONSTRAINT uq_users_token_hash UNIQUE (token_hash)
);
CREATE INDEX ix_users_email ON users (email);
CREATE TABLE events (
	id CHAR(32) NOT NULL,
	message TEXT NOT NULL,
	recorded_at DATETIME NOT NULL,
	actor_user_id CHAR(32),
	CONSTRAINT pk_events PRIMARY KEY (id),
	CONSTRAINT fk_events_actor_user_id_users FOREIGN KEY(actor_user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX ix_events_actor_user_id ON events (actor_user_id);
CREATE INDEX ix_events_recorded_at ON events (recorded_at);
CREATE TABLE file_archives (
	id CHAR(32) NOT NULL,
	user_id CHAR(32) NOT NULL,
	blob_hash TEXT NOT NULL,
	blob BLOB,
	CONSTRAINT pk_file_archives PRIMARY KEY (id),
	CONSTRAINT uq_file_archives_user_id_blob_hash UNIQUE (user_id, blob_hash),
	CONSTRAINT fk_file_archives_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE TABLE projects (
	id CHAR(32) NOT NULL,
	name VARCHAR(50) NOT NULL,
	created_at DATETIME NOT NULL,
	is_public BOOLEAN NOT NULL,
	templates_repo TEXT,
	deleted BOOLEAN NOT NULL,
	original_name VARCHAR(50),
	owner_id CHAR(32) NOT NULL,
	ssh_private_key TEXT NOT NULL,
	ssh_public_key TEXT NOT NULL,
	default_gateway_id CHAR(32),
	default_pool_id CHAR(32),
	CONSTRAINT pk_projects PRIMARY KEY (id),
	CONSTRAINT uq_projects_name UNIQUE (name),
	CONSTRAINT fk_projects_owner_id_users FOREIGN KEY(owner_id) REFERENCES users (id) ON DELETE CASCADE,
	CONSTRAINT fk_projects_default_gateway_id_gateways FOREIGN KEY(default_gateway_id) REFERENCES gateways (id) ON DELETE SET NULL,
	CONSTRAINT fk_projects_default_pool_id_pools FOREIGN KEY(default_pool_id) REFERENCES pools (id) ON DELETE SET NULL
);
CREATE TABLE user_public_keys (
	id CHAR(32) NOT NULL,
	created_at DATETIME NOT NULL,
	user_id CHAR(32) NOT NULL,
	name VARCHAR(100) NOT NULL,
	type VARCHAR(100) NOT NULL,
	fingerprint VARCHAR(100) NOT NULL,
	"key" TEXT NOT NULL,
	CONSTRAINT pk_user_public_keys PRIMARY KEY (id),
	CONSTRAINT uq_user_public_keys_user_id_fingerprint UNIQUE (user_id, fingerprint),
	CONSTRAINT fk_user_public_keys_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE TABLE backends (
	id CHAR(32) NOT NULL,
	project_id CHAR(32) NOT NULL,
	type VARCHAR(100) NOT NULL,
	config VARCHAR(20000) NOT NULL,
	auth VARCHAR(20000) NOT NULL,
	source_config VARCHAR(20000),
	source_auth VARCHAR(20000),
	CONSTRAINT pk_backends PRIMARY KEY (id),
	CONSTRAINT fk_backends_project_id_projects FOREIGN KEY(project_id) REFERENCES projects (id) ON DELETE CASCADE
);
CREATE INDEX ix_backends_project_id ON backends (project_id);
CREATE TABLE exports (
	id CHAR(32) NOT NULL,
	name VARCHAR(100) NOT NULL,
	project_id CHAR(32) NOT NULL,
	is_global BOOLEAN DEFAULT 0 NOT NULL,
	created_at DATETIME NOT NULL,
	CONSTRAINT pk_exports PRIMARY KEY (id),
	CONSTRAINT uq_exports_project_id_name UNIQUE (project_id, name),
	CONSTRAINT fk_exports_project_id_projects FOREIGN KEY(project_id) REFERENCES projects (id) ON DELETE CASCADE
);
CREATE INDEX ix_exports_project_id ON exports (project_id);
CREATE TABLE fleets (
	id CHAR(32) NOT NULL,
	name VARCHAR(100) NOT NULL,
	project_id CHAR(32) NOT NULL,
	created_at DATETIME NOT NULL,
	last_processed_at DATETIME NOT NULL,
	deleted BOOLEAN NOT NULL,
	deleted_at DATETIME,
	status VARCHAR(100) NOT NULL,
	status_message TEXT,
	spec TEXT NOT NULL,
	current_master_instance_id CHAR(32),
	consolidation_attempt INTEGER DEFAULT '0' NOT NULL,
	last_consolidated_at DATETIME,
	lock_expires_at DATETIME,
	lock_token CHAR(32),
	lock_owner VARCHAR(100),
	CONSTRAINT pk_fleets PRIMARY KEY (id),
	CONSTRAINT fk_fleets_project_id_projects FOREIGN KEY(project_id) REFERENCES projects (id) ON DELETE CASCADE
);
CREATE INDEX ix_fleets_current_master_instance_id ON fleets (current_master_instance_id);
CREATE INDEX ix_fleets_pipeline_fetch_q ON fleets (last_processed_at ASC) WHERE deleted = 0;
CREATE INDEX ix_fleets_status ON fleets (status);
CREATE TABLE members (
	id CHAR(32) NOT NULL,
	project_id CHAR(32) NOT NULL,
	user_id CHAR(32) NOT NULL,
	project_role VARCHAR(100) NOT NULL,
	member_num INTEGER,
	CONSTRAINT pk_members PRIMARY KEY (id),
	CONSTRAINT fk_members_project_id_projects FOREIGN KEY(project_id) REFERENCES projects (id) ON DELETE CASCADE,
	CONSTRAINT fk_members_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX ix_members_project_id ON members (project_id);
CREATE TABLE pools (
	id CHAR(32) NOT NULL,
	name VARCHAR(50) NOT NULL,
	created_at DATETIME NOT NULL,
	deleted BOOLEAN NOT NULL,
	deleted_at DATETIME,
	project_id CHAR(32) NOT NULL,
	CONSTRAINT pk_pools PRIMARY KEY (id),
	CONSTRAINT fk_pools_project_id_projects FOREIGN KEY(project_id) REFERENCES projects (id) ON DELETE CASCADE
);
CREATE TABLE repos (
	id CHAR(32) NOT NULL,
	project_id CHAR(32) NOT NULL,
	name VARCHAR(100) NOT NULL,
	type VARCHAR(100) NOT NULL,
	info TEXT NOT NULL,
	creds VARCHAR(5000),
	CONSTRAINT pk_repos PRIMARY KEY (id),
	CONSTRAINT uq_repos_project_id_name UNIQUE (project_id, name),
	CONSTRAINT fk_repos_project_id_projects FOREIGN KEY(project_id) REFERENCES projects (id) ON DELETE CASCADE
);
CREATE TABLE secrets (
	id CHAR(32) NOT NULL,
	project_id CHAR(32) NOT NULL,
	created_at DATETIME NOT NULL,
	updated_at DATETIME NOT NULL,
	name VARCHAR(200) NOT NULL,
	value VARCHAR NOT NULL,
	CONSTRAINT pk_secrets PRIMARY KEY (id),
	CONSTRAINT uq_secrets_project_id_name UNIQUE (project_id, name),
	CONSTRAINT fk_secrets_project_id_projects FOREIGN KEY(project_id) REFERENCES projects (id) ON DELETE CASCADE
);
CREATE TABLE volumes (
	id CHAR(32) NOT NULL,
	name VARCHAR(100) NOT NULL,
	user_id CHAR(32) NOT NULL,
	project_id CHAR(32) NOT NULL,
	created_at DATETIME NOT NULL,
	last_processed_at DATETIME NOT NULL,
	last_job_processed_at DATETIME,
	deleted BOOLEAN NOT NULL,
	deleted_at DATETIME,
	to_be_deleted BOOLEAN DEFAULT 0 NOT NULL,
	status VARCHAR(100) NOT NULL,
	status_message TEXT,
	configuration TEXT NOT NULL,
	volume_provisioning_data TEXT,
	auto_cleanup_enabled BOOLEAN,
	volume_attachment_data TEXT,
	lock_expires_at DATETIME,
	lock_token CHAR(32),
	lock_owner VARCHAR(100),
	CONSTRAINT pk_volumes PRIMARY KEY (id),
	CONSTRAINT fk_volumes_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
	CONSTRAINT fk_volumes_project_id_projects FOREIGN KEY(project_id) REFERENCES projects (id) ON DELETE CASCADE
);
CREATE INDEX ix_volumes_pipeline_fetch_q ON volumes (last_processed_at ASC) WHERE deleted = 0;
CREATE INDEX ix_volumes_status ON volumes (status);
CREATE TABLE codes (
	id CHAR(32) NOT NULL,
	repo_id CHAR(32) NOT NULL,
	blob_hash VARCHAR(4000) NOT NULL,
	blob BLOB,
	CONSTRAINT pk_codes PRIMARY KEY (id),
	CONSTRAINT uq_codes_repo_id_blob_hash UNIQUE (repo_id, blob_hash),
	CONSTRAINT fk_codes_repo_id_repos FOREIGN KEY(repo_id) REFERENCES repos (id) ON DELETE CASCADE
);
CREATE TABLE compute_groups (
	id CHAR(32) NOT NULL,
	project_id CHAR(32) NOT NULL,
	fleet_id CHAR(32) NOT NULL,
	created_at DATETIME NOT NULL,
	status VARCHAR(100) NOT NULL,
	last_processed_at DATETIME NOT NULL,
	deleted BOOLEAN NOT NULL,
	deleted_at DATETIME,
	provisioning_data TEXT NOT NULL,
	first_termination_retry_at DATETIME,
	last_termination_retry_at DATETIME,
	lock_expires_at DATETIME,
	lock_token CHAR(32),
	lock_owner VARCHAR(100),
	CONSTRAINT pk_compute_groups PRIMARY KEY (id),
	CONSTRAINT fk_compute_groups_project_id_projects FOREIGN KEY(project_id) REFERENCES projects (id) ON DELETE CASCADE,
	CONSTRAINT fk_compute_groups_fleet_id_fleets FOREIGN KEY(fleet_id) REFERENCES fleets (id)
);
CREATE INDEX ix_compute_groups_pipeline_fetch_q ON compute_groups (last_processed_at ASC) WHERE (status NOT IN ('TERMINATED'));
CREATE TABLE exported_fleets (
	id CHAR(32) NOT NULL,
	export_id CHAR(32) NOT NULL,
	fleet_id CHAR(32) NOT NULL,
	CONSTRAINT pk_exported_fleets PRIMARY KEY (id),
	CONSTRAINT uq_exported_fleets_export_id_fleet_id UNIQUE (export_id, fleet_id),
	CONSTRAINT fk_exported_fleets_export_id_exports FOREIGN KEY(export_id) REFERENCES exports (id) ON DELETE CASCADE,
	CONSTRAINT fk_exported_fleets_fleet_id_fleets FOREIGN KEY(fleet_id) REFERENCES fleets (id) ON DELETE CASCADE
);
CREATE INDEX ix_exported_fleets_export_id ON exported_fleets (export_id);
CREATE INDEX ix_exported_fleets_fleet_id ON exported_fleets (fleet_id);
CREATE TABLE gateway_computes (
	id CHAR(32) NOT NULL,
	name VARCHAR(100) NOT NULL,
	created_at DATETIME NOT NULL,
	last_processed_at DATETIME NOT NULL,
	skip_min_processing_interval BOOLEAN DEFAULT 0 NOT NULL,
	status VARCHAR(100) NOT NULL,
	status_message TEXT,
	scale_in BOOLEAN DEFAULT 0 NOT NULL,
	replica_num INTEGER DEFAULT '0' NOT NULL,
	instance_id VARCHAR(100),
	ip_address VARCHAR(100),
	hostname VARCHAR(100),
	configuration TEXT,
	backend_data TEXT,
	region VARCHAR(100),
	gateway_id CHAR(32),
	backend_id CHAR(32) NOT NULL,
	ssh_private_key TEXT NOT NULL,
	ssh_public_key TEXT NOT NULL,
	active BOOLEAN NOT NULL,
	deleted BOOLEAN DEFAULT 0 NOT NULL,
	app_updated_at DATETIME NOT NULL,
	lock_expires_at DATETIME,
	lock_token CHAR(32),
	lock_owner VARCHAR(100),
	CONSTRAINT pk_gateway_computes PRIMARY KEY (id),
	CONSTRAINT fk_gateway_computes_gateway_id_gateways FOREIGN KEY(gateway_id) REFERENCES gateways (id) ON DELETE SET NULL,
	CONSTRAINT fk_gateway_computes_backend_id_backends FOREIGN KEY(backend_id) REFERENCES backends (id) ON DELETE CASCADE
);
CREATE INDEX ix_gateway_computes_pipeline_fetch_q ON gateway_computes (last_processed_at ASC) WHERE deleted = 0;
CREATE TABLE imports (
	id CHAR(32) NOT NULL,
	project_id CHAR(32) NOT NULL,
	export_id CHAR(32) NOT NULL,
	created_at DATETIME NOT NULL,
	CONSTRAINT pk_imports PRIMARY KEY (id),
	CONSTRAINT uq_imports_project_id_export_id UNIQUE (project_id, export_id),
	CONSTRAINT fk_imports_project_id_projects FOREIGN KEY(project_id) REFERENCES projects (id) ON DELETE CASCADE,
	CONSTRAINT fk_imports_export_id_exports FOREIGN KEY(export_id) REFERENCES exports (id) ON DELETE CASCADE
);
CREATE INDEX ix_imports_export_id ON imports (export_id);
CREATE INDEX ix_imports_project_id ON imports (project_id);
CREATE TABLE placement_groups (
	id CHAR(32) NOT NULL,
	name VARCHAR(100) NOT NULL,
	project_id CHAR(32) NOT NULL,
	fleet_id CHAR(32) NOT NULL,
	fleet_deleted BOOLEAN NOT NULL,
	created_at DATETIME NOT NULL,
	last_processed_at DATETIME NOT NULL,
	deleted BOOLEAN NOT NULL,
	deleted_at DATETIME,
	configuration TEXT NOT NULL,
	provisioning_data TEXT,
	lock_expires_at DATETIME,
	lock_token CHAR(32),
	lock_owner VARCHAR(100),
	CONSTRAINT pk_placement_groups PRIMARY KEY (id),
	CONSTRAINT fk_placement_groups_project_id_projects FOREIGN KEY(project_id) REFERENCES projects (id) ON DELETE CASCADE,
	CONSTRAINT fk_placement_groups_fleet_id_fleets FOREIGN KEY(fleet_id) REFERENCES fleets (id)
);
CREATE INDEX ix_placement_groups_pipeline_fetch_q ON placement_groups (last_processed_at ASC) WHERE deleted = 0;
CREATE TABLE repo_creds (
	id CHAR(32) NOT NULL,
	repo_id CHAR(32) NOT NULL,
	user_id CHAR(32) NOT NULL,
	creds VARCHAR(10000) NOT NULL,
	CONSTRAINT pk_repo_creds PRIMARY KEY (id),
	CONSTRAINT uq_repo_creds_repo_id_user_id UNIQUE (repo_id, user_id),
	CONSTRAINT fk_repo_creds_repo_id_repos FOREIGN KEY(repo_id) REFERENCES repos (id) ON DELETE CASCADE,
	CONSTRAINT fk_repo_creds_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE TABLE gateways (
	id CHAR(32) NOT NULL,
	name VARCHAR(100) NOT NULL,
	region VARCHAR(100) NOT NULL,
	wildcard_domain VARCHAR(100),
	configuration TEXT,
	created_at DATETIME NOT NULL,
	status VARCHAR(100) NOT NULL,
	status_message TEXT,
	desired_replica_count INTEGER,
	replica_scale_attempt INTEGER DEFAULT '0' NOT NULL,
	last_replica_scale_attempt_at DATETIME,
	last_update_at DATETIME,
	last_processed_at DATETIME NOT NULL,
	to_be_deleted BOOLEAN DEFAULT 0 NOT NULL,
	forbid_new_services BOOLEAN DEFAULT 0 NOT NULL,
	project_id CHAR(32) NOT NULL,
	backend_id CHAR(32) NOT NULL,
	hostname VARCHAR(255),
	backend_data TEXT,
	gateway_compute_id CHAR(32),
	lock_expires_at DATETIME,
	lock_token CHAR(32),
	lock_owner VARCHAR(100),
	CONSTRAINT pk_gateways PRIMARY KEY (id),
	CONSTRAINT uq_gateways_project_id_name UNIQUE (project_id, name),
	CONSTRAINT fk_gateways_project_id_projects FOREIGN KEY(project_id) REFERENCES projects (id) ON DELETE CASCADE,
	CONSTRAINT fk_gateways_backend_id_backends FOREIGN KEY(backend_id) REFERENCES backends (id) ON DELETE CASCADE,
	CONSTRAINT fk_gateways_gateway_compute_id_gateway_computes FOREIGN KEY(gateway_compute_id) REFERENCES gateway_computes (id) ON DELETE CASCADE
);
CREATE TABLE instances (
	id CHAR(32) NOT NULL,
	name VARCHAR(50) NOT NULL,
	instance_num INTEGER NOT NULL,
	created_at DATETIME NOT NULL,
	last_processed_at DATETIME NOT NULL,
	skip_min_processing_interval BOOLEAN DEFAULT 0 NOT NULL,
	deleted BOOLEAN NOT NULL,
	deleted_at DATETIME,
	project_id CHAR(32) NOT NULL,
	pool_id CHAR(32),
	fleet_id CHAR(32),
	compute_group_id CHAR(32),
	status VARCHAR(100) NOT NULL,
	unreachable BOOLEAN NOT NULL,
	started_at DATETIME,
	finished_at DATETIME,
	profile TEXT,
	requirements TEXT,
	instance_configuration TEXT,
	termination_policy VARCHAR(100),
	termination_idle_time INTEGER NOT NULL,
	last_retry_at DATETIME,
	termination_deadline DATETIME,
	termination_reason VARCHAR(4000),
	termination_reason_message VARCHAR(4000),
	health_status VARCHAR(4000),
	health VARCHAR(100) NOT NULL,
	first_termination_retry_at DATETIME,
	last_termination_retry_at DATETIME,
	backend VARCHAR(100),
	backend_data TEXT,
	offer TEXT,
	region VARCHAR(2000),
	price FLOAT,
	job_provisioning_data TEXT,
	provisioning_job_id CHAR(32),
	remote_connection_info TEXT,
	total_blocks INTEGER,
	busy_blocks INTEGER NOT NULL,
	last_job_processed_at DATETIME,
	lock_expires_at DATETIME,
	lock_token CHAR(32),
	lock_owner VARCHAR(100),
	CONSTRAINT pk_instances PRIMARY KEY (id),
	CONSTRAINT fk_instances_project_id_projects FOREIGN KEY(project_id) REFERENCES projects (id) ON DELETE CASCADE,
	CONSTRAINT fk_instances_pool_id_pools FOREIGN KEY(pool_id) REFERENCES pools (id),
	CONSTRAINT fk_instances_fleet_id_fleets FOREIGN KEY(fleet_id) REFERENCES fleets (id),
	CONSTRAINT fk_instances_compute_group_id_compute_groups FOREIGN KEY(compute_group_id) REFERENCES compute_groups (id)
);
CREATE INDEX ix_instances_compute_group_id ON instances (compute_group_id);
CREATE INDEX ix_instances_fleet_id ON instances (fleet_id);
CREATE INDEX ix_instances_pipeline_fetch_q ON instances (last_processed_at ASC) WHERE deleted = 0;
CREATE INDEX ix_instances_status ON instances (status);
CREATE TABLE exported_gateways (
	id CHAR(32) NOT NULL,
	export_id CHAR(32) NOT NULL,
	gateway_id CHAR(32) NOT NULL,
	CONSTRAINT pk_exported_gateways PRIMARY KEY (id),
	CONSTRAINT uq_exported_gateways_export_id_gateway_id UNIQUE (export_id, gateway_id),
	CONSTRAINT fk_exported_gateways_export_id_exports FOREIGN KEY(export_id) REFERENCES exports (id) ON DELETE CASCADE,
	CONSTRAINT fk_exported_gateways_gateway_id_gateways FOREIGN KEY(gateway_id) REFERENCES gateways (id) ON DELETE CASCADE
);
CREATE INDEX ix_exported_gateways_export_id ON exported_gateways (export_id);
CREATE INDEX ix_exported_gateways_gateway_id ON exported_gateways (gateway_id);
CREATE TABLE instance_health_checks (
	id CHAR(32) NOT NULL,
	instance_id CHAR(32) NOT NULL,
	collected_at DATETIME NOT NULL,
	status VARCHAR(100) NOT NULL,
	response TEXT NOT NULL,
	CONSTRAINT pk_instance_health_checks PRIMARY KEY (id),
	CONSTRAINT fk_instance_health_checks_instance_id_instances FOREIGN KEY(instance_id) REFERENCES instances (id)
);
CREATE INDEX ix_instance_health_checks_instance_id_collected_at ON instance_health_checks (instance_id, collected_at);
CREATE TABLE runs (
	id CHAR(32) NOT NULL,
	deleted BOOLEAN NOT NULL,
	project_id CHAR(32) NOT NULL,
	user_id CHAR(32) NOT NULL,
	repo_id CHAR(32) NOT NULL,
	fleet_id CHAR(32),
	run_name VARCHAR(100) NOT NULL,
	submitted_at DATETIME NOT NULL,
	last_processed_at DATETIME NOT NULL,
	skip_min_processing_interval BOOLEAN DEFAULT 0 NOT NULL,
	next_triggered_at DATETIME,
	status VARCHAR(100) NOT NULL,
	termination_reason VARCHAR(100),
	resubmission_attempt INTEGER NOT NULL,
	run_spec TEXT NOT NULL,
	service_spec TEXT,
	priority INTEGER NOT NULL,
	deployment_num INTEGER NOT NULL,
	desired_replica_count INTEGER NOT NULL,
	desired_replica_counts TEXT,
	gateway_id CHAR(32),
	lock_expires_at DATETIME,
	lock_token CHAR(32),
	lock_owner VARCHAR(100),
	CONSTRAINT pk_runs PRIMARY KEY (id),
	CONSTRAINT fk_runs_project_id_projects FOREIGN KEY(project_id) REFERENCES projects (id) ON DELETE CASCADE,
	CONSTRAINT fk_runs_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
	CONSTRAINT fk_runs_repo_id_repos FOREIGN KEY(repo_id) REFERENCES repos (id) ON DELETE CASCADE,
	CONSTRAINT fk_runs_fleet_id_fleets FOREIGN KEY(fleet_id) REFERENCES fleets (id),
	CONSTRAINT fk_runs_gateway_id_gateways FOREIGN KEY(gateway_id) REFERENCES gateways (id) ON DELETE SET NULL
);
CREATE INDEX ix_runs_fleet_id ON runs (fleet_id);
CREATE INDEX ix_runs_pipeline_fetch_q ON runs (last_processed_at ASC) WHERE (status NOT IN ('TERMINATED', 'FAILED', 'DONE'));
CREATE INDEX ix_runs_status ON runs (status);
CREATE INDEX ix_submitted_at_id ON runs (submitted_at DESC, id);
CREATE TABLE volumes_attachments (
	volume_id CHAR(32) NOT NULL,
	instance_id CHAR(32) NOT NULL,
	attachment_data TEXT,
	CONSTRAINT pk_volumes_attachments PRIMARY KEY (volume_id, instance_id),
	CONSTRAINT fk_volumes_attachments_volume_id_volumes FOREIGN KEY(volume_id) REFERENCES volumes (id),
	CONSTRAINT fk_volumes_attachments_instance_id_instances FOREIGN KEY(instance_id) REFERENCES instances (id)
);
CREATE TABLE event_targets (
	id CHAR(32) NOT NULL,
	event_id CHAR(32) NOT NULL,
	entity_project_id CHAR(32),
	entity_run_id CHAR(32),
	entity_fleet_id CHAR(32),
	entity_gateway_id CHAR(32),
	entity_type VARCHAR(100) NOT NULL,
	entity_id CHAR(32) NOT NULL,
	entity_name VARCHAR(200) NOT NULL,
	CONSTRAINT pk_event_targets PRIMARY KEY (id),
	CONSTRAINT fk_event_targets_event_id_events FOREIGN KEY(event_id) REFERENCES events (id) ON DELETE CASCADE,
	CONSTRAINT fk_event_targets_entity_project_id_projects FOREIGN KEY(entity_project_id) REFERENCES projects (id) ON DELETE CASCADE,
	CONSTRAINT fk_event_targets_entity_run_id_runs FOREIGN KEY(entity_run_id) REFERENCES runs (id) ON DELETE CASCADE,
	CONSTRAINT fk_event_targets_entity_fleet_id_fleets FOREIGN KEY(entity_fleet_id) REFERENCES fleets (id) ON DELETE CASCADE
);
CREATE INDEX ix_event_targets_entity_fleet_id ON event_targets (entity_fleet_id);
CREATE INDEX ix_event_targets_entity_gateway_id ON event_targets (entity_gateway_id);
CREATE INDEX ix_event_targets_entity_id ON event_targets (entity_id);
CREATE INDEX ix_event_targets_entity_project_id ON event_targets (entity_project_id);
CREATE INDEX ix_event_targets_entity_run_id ON event_targets (entity_run_id);
CREATE INDEX ix_event_targets_entity_type ON event_targets (entity_type);
CREATE INDEX ix_event_targets_event_id ON event_targets (event_id);
CREATE TABLE jobs (
	id CHAR(32) NOT NULL,
	project_id CHAR(32) NOT NULL,
	run_id CHAR(32) NOT NULL,
	fleet_id CHAR(32),
	run_name VARCHAR(100) NOT NULL,
	job_num INTEGER NOT NULL,
	job_name VARCHAR(100) NOT NULL,
	submission_num INTEGER NOT NULL,
	submitted_at DATETIME NOT NULL,
	running_at DATETIME,
	last_processed_at DATETIME NOT NULL,
	skip_min_processing_interval BOOLEAN DEFAULT 0 NOT NULL,
	status VARCHAR(100) NOT NULL,
	termination_reason VARCHAR(100),
	termination_reason_message TEXT,
	disconnected_at DATETIME,
	exit_status INTEGER,
	job_spec_data TEXT NOT NULL,
	job_provisioning_data TEXT,
	runner_timestamp BIGINT,
	inactivity_secs INTEGER,
	graceful_termination_attempts INTEGER,
	remove_at DATETIME,
	volumes_detached_at DATETIME,
	instance_assigned BOOLEAN NOT NULL,
	instance_id CHAR(32),
	used_instance_id CHAR(32),
	replica_num INTEGER NOT NULL,
	deployment_num INTEGER NOT NULL,
	job_runtime_data TEXT,
	ready BOOLEAN DEFAULT 0 NOT NULL,
	registered BOOLEAN DEFAULT 0 NOT NULL,
	waiting_master_job BOOLEAN,
	image_pull_progress TEXT,
	lock_expires_at DATETIME,
	lock_token CHAR(32),
	lock_owner VARCHAR(100),
	CONSTRAINT pk_jobs PRIMARY KEY (id),
	CONSTRAINT fk_jobs_project_id_projects FOREIGN KEY(project_id) REFERENCES projects (id) ON DELETE CASCADE,
	CONSTRAINT fk_jobs_run_id_runs FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE,
	CONSTRAINT fk_jobs_fleet_id_fleets FOREIGN KEY(fleet_id) REFERENCES fleets (id),
	CONSTRAINT fk_jobs_instance_id_instances FOREIGN KEY(instance_id) REFERENCES instances (id) ON DELETE CASCADE
);
CREATE INDEX ix_jobs_instance_id ON jobs (instance_id);
CREATE INDEX ix_jobs_pipeline_fetch_q ON jobs (last_processed_at ASC) WHERE (status NOT IN ('TERMINATED', 'ABORTED', 'FAILED', 'DONE'));
CREATE INDEX ix_jobs_run_id ON jobs (run_id);
CREATE INDEX ix_jobs_status ON jobs (status);
CREATE TABLE service_registrations (
	id CHAR(32) NOT NULL,
	run_id CHAR(32) NOT NULL,
	gateway_replica_id CHAR(32) NOT NULL,
	is_registered BOOLEAN NOT NULL,
	register_attempt INTEGER NOT NULL,
	register_status_message TEXT,
	unregister_attempt INTEGER NOT NULL,
	unregister_status_message TEXT,
	CONSTRAINT pk_service_registrations PRIMARY KEY (id),
	CONSTRAINT uq_service_registrations_run_id_gateway_replica_id UNIQUE (run_id, gateway_replica_id),
	CONSTRAINT fk_service_registrations_run_id_runs FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE,
	CONSTRAINT fk_service_registrations_gateway_replica_id_gateway_computes FOREIGN KEY(gateway_replica_id) REFERENCES gateway_computes (id) ON DELETE CASCADE
);
CREATE INDEX ix_service_registrations_gateway_replica_id ON service_registrations (gateway_replica_id);
CREATE INDEX ix_service_registrations_run_id ON service_registrations (run_id);
CREATE TABLE service_router_worker_sync (
	id CHAR(32) NOT NULL,
	run_id CHAR(32) NOT NULL,
	deleted BOOLEAN DEFAULT 0 NOT NULL,
	created_at DATETIME NOT NULL,
	last_processed_at DATETIME NOT NULL,
	lock_expires_at DATETIME,
	lock_token CHAR(32),
	lock_owner VARCHAR(100),
	CONSTRAINT pk_service_router_worker_sync PRIMARY KEY (id),
	CONSTRAINT fk_service_router_worker_sync_run_id_runs FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE
);
CREATE INDEX ix_service_router_worker_sync_pipeline_fetch_q ON service_router_worker_sync (last_processed_at ASC) WHERE deleted = 0;
CREATE UNIQUE INDEX ix_service_router_worker_sync_run_id ON service_router_worker_sync (run_id);
CREATE TABLE job_metrics_points (
	id CHAR(32) NOT NULL,
	job_id CHAR(32) NOT NULL,
	timestamp_micro BIGINT NOT NULL,
	cpu_usage_micro BIGINT NOT NULL,
	memory_usage_bytes BIGINT NOT NULL,
	memory_working_set_bytes BIGINT NOT NULL,
	gpus_memory_usage_bytes TEXT NOT NULL,
	gpus_util_percent TEXT NOT NULL,
	CONSTRAINT pk_job_metrics_points PRIMARY KEY (id),
	CONSTRAINT fk_job_metrics_points_job_id_jobs FOREIGN KEY(job_id) REFERENCES jobs (id)
);
CREATE INDEX ix_job_metrics_points_job_id ON job_metrics_points (job_id);
CREATE TABLE job_prometheus_metrics (
	job_id CHAR(32) NOT NULL,
	collected_at DATETIME NOT NULL,
	text TEXT NOT NULL,
	CONSTRAINT pk_job_prometheus_metrics PRIMARY KEY (job_id),
	CONSTRAINT fk_job_prometheus_metrics_job_id_jobs FOREIGN KEY(job_id) REFERENCES jobs (id)
);
CREATE TABLE probes (
	id CHAR(32) NOT NULL,
	name VARCHAR(100) NOT NULL,
	job_id CHAR(32) NOT NULL,
	probe_num INTEGER NOT NULL,
	due DATETIME NOT NULL,
	success_streak BIGINT NOT NULL,
	active BOOLEAN NOT NULL,
	CONSTRAINT pk_probes PRIMARY KEY (id, job_id),
	CONSTRAINT uq_probes_job_id_probe_num UNIQUE (job_id, probe_num),
	CONSTRAINT fk_probes_job_id_jobs FOREIGN KEY(job_id) REFERENCES jobs (id)
);
CREATE TABLE service_replica_registrations (
	id CHAR(32) NOT NULL,
	job_id CHAR(32) NOT NULL,
	gateway_replica_id CHAR(32) NOT NULL,
	is_registered BOOLEAN NOT NULL,
	register_attempt INTEGER NOT NULL,
	register_status_message TEXT,
	unregister_attempt INTEGER NOT NULL,
	unregister_status_message TEXT,
	CONSTRAINT pk_service_replica_registrations PRIMARY KEY (id),
	CONSTRAINT uq_service_replica_registrations_job_id_gateway_replica_id UNIQUE (job_id, gateway_replica_id),
	CONSTRAINT fk_service_replica_registrations_job_id_jobs FOREIGN KEY(job_id) REFERENCES jobs (id) ON DELETE CASCADE,
	CONSTRAINT fk_service_replica_registrations_gateway_replica_id_gateway_computes FOREIGN KEY(gateway_replica_id) REFERENCES gateway_computes (id) ON DELETE CASCADE
);
CREATE INDEX ix_service_replica_registrations_gateway_replica_id ON service_replica_registrations (gateway_replica_id);
CREATE INDEX ix_service_replica_registrations_job_id ON service_replica_registrations (job_id);
