/// What a program that is started in a folder finds around it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// The absolute path of the folder.
    pub folder: String,
    /// The environment variable `ALEMBIC_CONFIG`: the configuration file.
    pub alembic_config: Option<String>,
    /// The environment variable `AMBIX_URL`: the address of the database.
    pub url: Option<String>,
}
