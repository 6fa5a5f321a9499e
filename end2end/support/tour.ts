// Every page and every dialog that stands still, by name and address.
import type { World } from "./environment";
import { MAIN_CLUSTER, MEMBER, ROLE } from "./names";
import type { Language } from "./words";

export interface Stop {
  name: string;
  path: (world: World, language: Language) => string;
  /** Whether it is one of the pages that everybody sees every day. */
  main?: boolean;
  /** With which status it is answered, where that is not 200. */
  status?: number;
}

const backup = (query: string) => ({ reference }: World) => `/backups/${reference.id}${query}`;
/** A schedule that somebody tries. */
const MONTHLY = "kind=monthly&day=31&at=02:30&zone=Asia/Tokyo&keep_days=7&keep_yearly=2";
const role = encodeURIComponent(ROLE);
const onlyReference = "in=" + MAIN_CLUSTER;

export const TOUR: Stop[] = [
  { name: "backups", path: () => `/backups?${onlyReference}`, main: true },
  { name: "backups-none", path: () => `/backups?${onlyReference}&state=failed` },
  { name: "create", path: () => `/backups?dialog=create&cluster=${MAIN_CLUSTER}`, main: true },
  { name: "create-collections", path: () => `/backups?dialog=create&cluster=${MAIN_CLUSTER}&scope=collections` },
  { name: "backup", path: backup(""), main: true },
  { name: "backup-jobs", path: backup("?tab=jobs") },
  { name: "backup-proofs", path: backup("?tab=proofs") },
  { name: "backup-copies", path: backup("?tab=copies") },
  { name: "copy", path: backup("?tab=copies&dialog=copy") },
  { name: "rename", path: backup("?dialog=rename") },
  { name: "verify", path: backup("?dialog=verify") },
  { name: "restore", path: backup("?dialog=restore"), main: true },
  { name: "restore-review", path: backup("?dialog=restore&step=review&suffix=_again"), main: true },
  { name: "restore-exists", path: backup("?dialog=restore&step=review") },
  { name: "export", path: backup("?dialog=export&integration=exports"), main: true },
  { name: "restore-more", path: backup("?dialog=restore&existing=skip") },
  { name: "restore-replace", path: backup("?dialog=restore&step=review&existing=replace") },
  { name: "delete", path: backup("?dialog=delete"), main: true },
  { name: "jobs", path: () => `/jobs?${onlyReference}`, main: true },
  { name: "jobs-none", path: () => `/jobs?${onlyReference}&state=failed` },
  { name: "job", path: ({ reference }) => `/jobs/${reference.job}`, main: true },
  { name: "adopt", path: () => "/backups/adopt" },
  { name: "adopt-none", path: () => "/backups/adopt?integration=exports&within=nothing" },
  { name: "adopt-dialog", path: () => "/backups/adopt?integration=exports&within=nothing&dialog=adopt&directory=nothing/here" },
  { name: "integrations", path: () => "/integrations", main: true },
  { name: "integration", path: ({ integration }) => `/integrations/${integration.id}` },
  { name: "integration-remove", path: ({ integration }) => `/integrations/${integration.id}?dialog=remove` },
  { name: "integration-add", path: () => "/integrations/new" },
  { name: "integration-add-own", path: () => "/integrations/new?provider=s3_compatible&bucket=exports" },
  { name: "integration-add-azure", path: () => "/integrations/new?provider=azure" },
  { name: "integration-add-gcs", path: () => "/integrations/new?provider=gcs" },
  { name: "integration-add-local", path: () => "/integrations/new?provider=local" },
  { name: "policies", path: () => "/policies" },
  { name: "policy", path: () => `/policies/${MAIN_CLUSTER}?${MONTHLY}`, main: true },
  { name: "policy-cron", path: () => `/policies/${MAIN_CLUSTER}?kind=cron&cron=30+2+*+*+1-5&zone=America/New_York` },
  { name: "clusters", path: () => "/clusters" },
  { name: "cluster-add", path: () => "/clusters/new" },
  { name: "keys", path: () => "/access/keys", main: true },
  { name: "key-add", path: () => "/access/keys/new" },
  { name: "key-remove", path: ({ key }) => `/access/keys?dialog=remove&id=${key.id}` },
  { name: "sessions", path: () => "/access/sessions", main: true },
  { name: "password", path: () => "/access/sessions?dialog=password" },
  { name: "api-reference", path: () => "/access/api", main: true },
  { name: "members", path: () => "/access/members", main: true },
  { name: "member", path: () => `/access/members/${MEMBER}`, main: true },
  { name: "member-grant", path: () => `/access/members/${MEMBER}?dialog=grant` },
  { name: "member-grant-project", path: () => `/access/members/${MEMBER}?dialog=grant&role=${role}&place=project` },
  { name: "member-remove", path: () => `/access/members/${MEMBER}?dialog=remove` },
  { name: "member-add", path: () => "/access/members/new", main: true },
  { name: "member-not-found", path: () => "/access/members/nobody", status: 404 },
  { name: "roles", path: () => "/access/roles", main: true },
  { name: "role", path: () => `/access/roles/${role}` },
  { name: "role-built-in", path: () => "/access/roles/read_only" },
  { name: "role-remove", path: () => `/access/roles/${role}?dialog=remove` },
  { name: "role-add", path: () => "/access/roles/new" },
  { name: "cluster", path: () => `/clusters/${MAIN_CLUSTER}` },
  { name: "cluster-edit", path: () => `/clusters/${MAIN_CLUSTER}/edit` },
  { name: "cluster-remove", path: () => `/clusters/${MAIN_CLUSTER}?dialog=remove` },
  { name: "projects", path: () => "/projects" },
  { name: "project-add", path: () => "/projects/new" },
  { name: "project", path: ({ project }) => `/projects/${project.id}` },
  { name: "project-edit", path: ({ project }) => `/projects/${project.id}?dialog=edit` },
  { name: "project-remove", path: ({ project }) => `/projects/${project.id}?dialog=remove` },
  { name: "project-not-found", path: () => "/projects/nothing", status: 404 },
  { name: "audit", path: () => "/audit?action=project.create" },
  { name: "audit-none", path: () => "/audit?who=nobody" },
  { name: "audit-line", path: () => "/audit/1" },
  { name: "audit-not-found", path: () => "/audit/nothing", status: 404 },
  { name: "help", path: (_, language) => `/${language}/help`, main: true },
  { name: "not-found", path: () => "/nowhere", status: 404 },
  { name: "backup-not-found", path: () => "/backups/nothing", status: 404 },
];
