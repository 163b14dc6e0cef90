//! One model version: what AWS says of it, and where it was copied.

use domain::Millis;
use leptos::prelude::*;
use leptos_meta::Title;
use operations::models::{self, CopyOf, VersionDetail, VersionView};
use operations::{Kind, OpError};
use operations::{OpContext, OpResult};

use crate::links;
use crate::pages::{load, param};
use crate::text;
use crate::ui::age::{Age, Moment};
use crate::ui::arn::Arn;
use crate::ui::card::Card;
use crate::ui::crumbs::Crumbs;
use crate::ui::empty::Empty;
use crate::ui::environment::{AccountName, EnvironmentMark};
use crate::ui::flash::Flash;
use crate::ui::page_head::PageHead;
use crate::ui::status::{StateLook, Status};
use crate::ui::table::{Column, Table};

/// The page of one version.
#[component]
pub fn Version() -> impl IntoView {
    let (project, version) = (param("project"), param("version"));
    load(
        async move |cx: OpContext| {
            let arn = links::project_of(&project)
                .and_then(|project| links::version_of(&project, &version))
                .ok_or(OpError::NotFound {
                    kind: Kind::ModelVersion,
                    id: version,
                })?;
            OpResult::Ok((models::get_version(&cx, &arn.to_string()).await?, cx.now()))
        },
        |(detail, now)| show(detail, now),
    )
}

fn show(detail: VersionDetail, now: Millis) -> AnyView {
    let VersionDetail {
        project,
        version,
        copies,
    } = detail;
    let subject = format!("{} {}", project.arn.name(), version.arn.name());
    let promote = version.copyable.then(|| {
        view! {
            <a class="btn btn-primary" href=links::promote(&version.arn)>
                "Promote"
            </a>
        }
    });
    let seen_at = version.seen_at;
    view! {
        <Title text=subject.clone() />
        <Crumbs
            above=vec![
                ("/models".to_owned(), "Models".to_owned()),
                (links::project(&project.arn), project.arn.name().to_string()),
            ]
            here=version.arn.name().to_string()
        />
        <PageHead
            title=subject.clone()
            status=view! { <Status look=&version.status large=true /> }.into_any()
            meta=view! {
                <p class="page-meta">
                    <AccountName account=project.account.clone() with_number=true />
                    <span aria-hidden="true">"·"</span>
                    <span>{project.arn.region().to_string()}</span>
                </p>
            }
                .into_any()
            actions=view! {
                <Age verb="read" at=Some(seen_at) now />
                {promote}
            }
                .into_any()
        />
        <div class="stack">{facts(version, &subject)} <Copies copies /></div>
    }
    .into_any()
}

fn facts(version: VersionView, subject: &str) -> impl IntoView + use<> {
    let subject = subject.to_owned();
    let tone = StateLook::from(&version.status).tone;
    let message = version.status_message.map(|message| {
        view! { <Flash tone><p>"AWS says: " {message}</p></Flash> }
    });
    let source = version.source.map(|source| {
        let of = format!("{} {}", source.project_name(), source.name());
        view! {
            <dt>"Copied from"</dt>
            <dd>
                <Arn arn=source.to_string() of />
            </dd>
        }
    });
    let output = version.output.map(|(bucket, prefix)| {
        view! {
            <dt>"Output"</dt>
            <dd class="mono">"s3://" {bucket} "/" {prefix}</dd>
        }
    });
    let key = version.kms_key.map(|key| {
        view! {
            <dt>"KMS key"</dt>
            <dd class="mono">{key}</dd>
        }
    });
    view! {
        {message}
        <Card id="facts" title="Facts">
            <dl class="card-body facts">
                <dt>"ARN"</dt>
                <dd>
                    <Arn arn=version.arn.to_string() of=subject />
                </dd>
                <dt>"AWS status"</dt>
                <dd>
                    <code>{version.status.to_string()}</code>
                </dd>
                <dt>"F1"</dt>
                <dd>
                    {match version.f1 {
                        Some(f1) => {
                            view! {
                                {text::percent(f1)}
                                " "
                                <span class="muted">"on its own test set"</span>
                            }
                                .into_any()
                        }
                        None => view! { <span class="muted">"not shown"</span> }.into_any(),
                    }}
                </dd>
                <dt>"Created"</dt>
                <dd>
                    {match version.created {
                        Some(at) => view! { <Moment at /> }.into_any(),
                        None => view! { <span class="muted">"not shown"</span> }.into_any(),
                    }}
                </dd>
                {source}
                {output}
                {key}
            </dl>
        </Card>
    }
}

#[component]
fn Copies(copies: Vec<CopyOf>) -> impl IntoView {
    let body = if copies.is_empty() {
        view! {
            <Empty
                title="Not copied anywhere yet"
                text="No version in the registered accounts names this one as its source."
            />
        }
        .into_any()
    } else {
        let rows = copies.into_iter().map(|copy| {
            let path = links::version(&copy.project, &copy.version.arn);
            view! {
                <tr>
                    <th scope="row">
                        <a href=path>
                            {copy.project.name().to_string()} " " {copy.version.arn.name().to_string()}
                        </a>
                    </th>
                    <td>
                        <span class="account">
                            <EnvironmentMark account=copy.account.clone() />
                            " "
                            {copy.account.alias.to_string()}
                        </span>
                    </td>
                    <td>
                        <Status look=&copy.version.status />
                    </td>
                    <td>{copy.version.created.map(|at| view! { <Moment at /> })}</td>
                </tr>
            }
        });
        view! {
            <Table
                caption="Copies of this version"
                class="table-min"
                head=view! {
                    <Column name="Version" />
                    <Column name="Account" />
                    <Column name="Status" />
                    <Column name="Created" />
                }
            >
                {rows.collect_view()}
            </Table>
        }
        .into_any()
    };
    view! {
        <Card id="copies" title="Copies">
            {body}
        </Card>
    }
}
