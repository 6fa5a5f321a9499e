use super::*;

fn may(role: &Role, privilege: &str) -> bool {
    let privileges = role.privileges().expect("built in");
    privileges.contains(&privilege.parse().unwrap())
}

#[test]
fn every_privilege_has_one_row_and_one_name() {
    let all: Vec<_> = Privilege::all().collect();
    let names: BTreeSet<_> = all.iter().map(ToString::to_string).collect();
    assert_eq!(names.len(), all.len());
    for privilege in all {
        assert_eq!(privilege.to_string().parse(), Ok(privilege));
        let json = serde_json::to_value(privilege).unwrap();
        assert_eq!(
            serde_json::from_value::<Privilege>(json).unwrap(),
            privilege
        );
    }
    for text in ["", "backup", "backup:fly", "moon:view", "audit:delete"] {
        assert!(text.parse::<Privilege>().is_err(), "{text}");
    }
}

#[test]
fn each_role_may_no_more_than_the_one_above_it() {
    let sets: Vec<_> = Role::BUILT_IN.iter().filter_map(Role::privileges).collect();
    assert_eq!(sets.len(), 4);
    assert_eq!(sets[0].len(), Privilege::all().count(), "an owner may all");
    for pair in sets.windows(2) {
        assert!(pair[1].is_subset(&pair[0]) && pair[1] != pair[0]);
    }
    let looks = |privilege: &Privilege| privilege.action() == Action::View;
    assert!(sets[3].iter().all(looks), "a reader only looks");
}

/// What the guides promise, role by role.
#[test]
fn the_roles_are_those_of_the_guides() {
    use Role::{OrganizationOwner, ProjectAdmin, ReadOnly, ReadWrite};
    for (privilege, least) in [
        ("backup:view", ReadOnly),
        ("job:view", ReadOnly),
        ("backup:create", ReadWrite),
        ("backup:restore", ReadWrite),
        ("backup:verify", ReadWrite),
        ("policy:run", ReadWrite),
        ("backup:delete", ProjectAdmin),
        ("backup:export", ProjectAdmin),
        ("integration:create", ProjectAdmin),
        ("cluster:create", ProjectAdmin),
        ("policy:edit", ProjectAdmin),
        ("job:cancel", ProjectAdmin),
        ("job:retry", ProjectAdmin),
        ("key:create", ProjectAdmin),
        ("project:create", OrganizationOwner),
        ("project:edit", OrganizationOwner),
        ("user:view", OrganizationOwner),
        ("audit:view", OrganizationOwner),
        ("repository:create", OrganizationOwner),
        ("organization:edit", OrganizationOwner),
    ] {
        for role in Role::BUILT_IN {
            assert_eq!(may(&role, privilege), role <= least, "{role} {privilege}");
        }
    }
}

#[test]
fn names_of_roles() {
    for role in Role::BUILT_IN {
        assert_eq!(Role::from(role.as_str().to_owned()), role);
        assert_eq!(serde_json::to_value(&role).unwrap(), role.as_str());
    }
    let made = Role::from("備份員".to_owned());
    assert_eq!(made, Role::Custom("備份員".to_owned()));
    assert_eq!(made.privileges(), None);
}

#[test]
fn a_grant_holds_within_its_scope() {
    let (one, other) = (ProjectId::new("proj-1"), ProjectId::new("proj-2"));
    let (main, side) = (ClusterId::new("in01-a"), ClusterId::new("in01-b"));
    let project = Scope {
        project_id: one.clone(),
        cluster_ids: Vec::new(),
    };
    let cluster = Scope {
        cluster_ids: vec![main.clone()],
        ..project.clone()
    };
    for (place, in_project, in_cluster) in [
        (Place::Organization, false, false),
        (Place::Project(one.clone()), true, false),
        (Place::Project(other.clone()), false, false),
        (Place::Cluster(one.clone(), main.clone()), true, true),
        (Place::Cluster(one, side), true, false),
        (Place::Cluster(other, main), false, false),
    ] {
        assert!(place.is_within(None));
        assert_eq!(place.is_within(Some(&project)), in_project, "{place:?}");
        assert_eq!(place.is_within(Some(&cluster)), in_cluster, "{place:?}");
    }
}
