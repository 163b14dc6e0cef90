//! Icons: 16 px strokes of 1.5 in the colour of the text around them.

use leptos::prelude::*;

/// One drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyph {
    /// A house.
    Home,
    /// A sheet of paper.
    Promotions,
    /// Four squares.
    Models,
    /// A shield.
    Policies,
    /// A custom house.
    Accounts,
    /// A dashed clock: waits.
    Waiting,
    /// An open ring: under way.
    Moving,
    /// A ticked circle: ended well.
    Done,
    /// A crossed octagon: ended badly.
    Failed,
    /// A person: needs somebody.
    Person,
    /// A triangle: needs attention.
    Warning,
    /// A square with a bar: ended on request.
    Stopped,
    /// A question mark in a circle: cannot tell.
    Unknown,
    /// A tick.
    Check,
    /// A cross.
    Cross,
    /// A short bar.
    Dash,
    /// An arrow to the right.
    Arrow,
    /// An angle to the right.
    Chevron,
    /// Two sheets: to the clipboard.
    Clip,
    /// A seal.
    Seal,
    /// A lens.
    Search,
    /// A half-filled circle.
    Theme,
    /// Three lines.
    Menu,
    /// An arrow in a circle.
    Refresh,
    /// A plus sign.
    Plus,
    /// A clock.
    Clock,
    /// Three quarters of a circle.
    Spinner,
    /// A filled triangle: runs.
    Play,
}

impl Glyph {
    /// The inside of a `0 0 16 16` SVG image.
    fn strokes(self) -> &'static str {
        match self {
            Self::Home => {
                r#"<path d="M2 7.2 8 2.5l6 4.7M3.7 6.2v7.3h8.6V6.2M6.7 13.3V9.6h2.6v3.7"/>"#
            }
            Self::Promotions => {
                r#"<path d="M3 2.5h10v11H3z"/><path d="M5.5 5.5h5M5.5 8h5M5.5 10.5h2.5"/>"#
            }
            Self::Models => {
                r#"<path d="M2.5 2.5h4.2v4.2H2.5zM9.3 2.5h4.2v4.2H9.3zM2.5 9.3h4.2v4.2H2.5zM9.3 9.3h4.2v4.2H9.3z"/>"#
            }
            Self::Policies => {
                r#"<path d="M8 1.8 13.2 4v4c0 3.2-2.2 5.2-5.2 6.4C5 13.2 2.8 11.2 2.8 8V4z"/><path d="M5.6 8h4.8"/>"#
            }
            Self::Accounts => {
                r#"<path d="M1.8 13.5h12.4M3 13.3V6.6l5-4 5 4v6.7M6 13.3V8.6M10 13.3V8.6"/>"#
            }
            Self::Waiting => {
                r#"<circle cx="8" cy="8" r="6" stroke-dasharray="2.2 2.5"/><path d="M8 5v3.2l2 1.3"/>"#
            }
            Self::Moving => {
                r#"<path d="M13.5 8A5.5 5.5 0 1 1 8 2.5"/><path d="M8 5.2 10.6 2.5 8-.2" transform="translate(0 .2)"/>"#
            }
            Self::Done => r#"<circle cx="8" cy="8" r="6.2"/><path d="m5.2 8.2 2 2 3.7-4.2"/>"#,
            Self::Failed => {
                r#"<path d="M5.4 1.8h5.2l3.6 3.6v5.2l-3.6 3.6H5.4l-3.6-3.6V5.4z"/><path d="m5.8 5.8 4.4 4.4m0-4.4-4.4 4.4"/>"#
            }
            Self::Person => {
                r#"<circle cx="8" cy="5" r="3"/><path d="M2.4 14c.4-3.4 2.6-5 5.6-5s5.2 1.6 5.6 5z"/>"#
            }
            Self::Warning => r#"<path d="M8 1.8 14.6 13.8H1.4z"/><path d="M8 6.2v3.6M8 11.8v.1"/>"#,
            Self::Stopped => {
                r#"<rect x="2" y="2" width="12" height="12" rx="1.5"/><path d="M5.5 8h5"/>"#
            }
            Self::Unknown => {
                r#"<circle cx="8" cy="8" r="6.2"/><path d="M6.2 6.3c.2-2 3.6-2 3.6.1 0 1.3-1.8 1.4-1.8 2.8M8 11.4v.1"/>"#
            }
            Self::Check => r#"<path d="m3.2 8.4 3.2 3.2 6.4-7"/>"#,
            Self::Cross => r#"<path d="m3.8 3.8 8.4 8.4m0-8.4-8.4 8.4"/>"#,
            Self::Dash => r#"<path d="M4 8h8"/>"#,
            Self::Arrow => r#"<path d="M2 8h11.5m-4-4 4 4-4 4"/>"#,
            Self::Chevron => r#"<path d="m6 3.5 4.5 4.5L6 12.5"/>"#,
            Self::Clip => {
                r#"<rect x="5.5" y="5.5" width="8" height="8" rx="1"/><path d="M10.5 5.3V3.4c0-.5-.4-.9-.9-.9H3.4c-.5 0-.9.4-.9.9v6.2c0 .5.4.9.9.9h1.9"/>"#
            }
            Self::Seal => {
                r#"<circle cx="8" cy="8" r="6.2" stroke-dasharray="1.9 1.345"/><circle cx="8" cy="8" r="3.4"/><path d="m6.7 8.1.9.9 1.7-1.9" stroke-width="1.2"/>"#
            }
            Self::Search => r#"<circle cx="7" cy="7" r="4.5"/><path d="m10.4 10.4 3.4 3.4"/>"#,
            Self::Theme => {
                r#"<circle cx="8" cy="8" r="5.8"/><path d="M8 2.2v11.6A5.8 5.8 0 0 0 8 2.2z" fill="currentColor"/>"#
            }
            Self::Menu => r#"<path d="M2 4h12M2 8h12M2 12h12"/>"#,
            Self::Refresh => r#"<path d="M13.5 3v3.5H10M13.2 6.4A5.6 5.6 0 1 0 13.6 9"/>"#,
            Self::Plus => r#"<path d="M8 3v10M3 8h10"/>"#,
            Self::Clock => r#"<circle cx="8" cy="8" r="6"/><path d="M8 4.6V8l2.3 1.5"/>"#,
            Self::Spinner => r#"<path d="M8 2a6 6 0 1 1-6 6"/>"#,
            Self::Play => r#"<path d="M4.5 2.8v10.4L13 8z" fill="currentColor"/>"#,
        }
    }
}

/// A drawing without words; readers of screens are told nothing, so a word stands beside it.
#[component]
pub fn Icon(
    /// Which one.
    glyph: Glyph,
    /// More classes, such as `spin`.
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    let class = if class.is_empty() {
        "icon".to_owned()
    } else {
        format!("icon {class}")
    };
    view! {
        <svg class=class viewBox="0 0 16 16" aria-hidden="true" inner_html=glyph.strokes()></svg>
    }
}
