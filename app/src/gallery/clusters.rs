//! Clusters, and one of them.

use super::{each, projects::projects, samples};
use crate::{
    pages::{self, cluster},
    visit::Address,
};

/// What the page of a cluster tells, to those who may do everything or only look.
fn cluster_told(may: bool, leaving: bool) -> cluster::Told {
    cluster::Told {
        cluster: samples::clusters().remove(0),
        project: Some(projects().remove(0)),
        check: Some(Ok(samples::check())),
        may_edit: may,
        may_remove: may,
        leaving,
    }
}

#[test]
fn one_cluster_and_adding_another() {
    each(
        "cluster",
        "/clusters/x",
        None,
        || pages::cluster::page(cluster_told(true, false)),
        |_, html| {
            assert!(html.contains("class=\"checks\""));
        },
    );
    each(
        "cluster-add",
        "/clusters/new?name=demo",
        None,
        || {
            let query = Address::new("/").with("name", "demo").query;
            pages::cluster_add::page(&query, projects())
        },
        |_, html| {
            assert!(
                html.contains("value=\"demo\"") && !html.contains("type=\"password\" value=\"d")
            );
            assert!(
                html.contains("id=\"ca_certificate\"") && html.contains("hozon cluster add demo")
            );
        },
    );
}

#[test]
fn the_list_of_clusters_and_changing_one() {
    each(
        "clusters",
        "/clusters",
        None,
        || pages::clusters::page(samples::clusters(), projects(), false),
        |_, html| assert!(html.contains("cluster:create") && html.contains("/projects/proj-0")),
    );
    each(
        "cluster-remove",
        "/clusters/x?dialog=remove",
        None,
        || cluster::page(cluster_told(true, true)),
        |_, html| assert!(html.contains("hozon cluster remove demo")),
    );
    each(
        "cluster-edit",
        "/clusters/x/edit",
        None,
        || pages::cluster_edit::page(&samples::clusters()[0], &Address::new("/").query),
        |_, html| {
            assert!(html.contains("value=\"s3://milvus/files\""));
            assert!(
                html.contains("hozon cluster edit demo<"),
                "nothing changed yet"
            );
        },
    );
}
