use yew::prelude::*;

use crate::app::Message;
use crate::panes::{data, schema, sql};
use crate::session::{DatabaseView, LowerTab, Shared, SqlLog};

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) tab: LowerTab,
    pub(crate) database: Shared<DatabaseView>,
    pub(crate) log: Shared<SqlLog>,
    pub(crate) send: Callback<Message>,
}

/// The database and what ran on it, seen in one of three ways.
#[component]
pub(crate) fn Lower(props: &Props) -> Html {
    match props.tab {
        LowerTab::Schema => schema::schema(&props.database),
        LowerTab::Data => data::data(&props.database),
        LowerTab::Sql => sql::sql(&props.log, &props.send),
    }
}
