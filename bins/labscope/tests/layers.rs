//! The folders of labscope are layers, each importing only from those below it; no files import in a circle;
//! Korean stands in i18n/ alone, and so does what errors say.
//!
//! Read off the tokens of the source: `use` declarations and paths that begin with `crate`, `super` or `self`.
//! A name that a mod.rs passes on (`pub use`) counts as imported from the file that defines it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// From the lowest to the highest. Those of one row know nothing of each other.
const LAYERS: &[&[&str]] = &[
    &["trace/proc"],
    &["trace"],
    &["i18n"],
    &["text"],
    &["project"],
    &["scenario", "confinement"],
    &["facts"],
    &["source"],
    &["run", "submission"],
    &["control"],
    &["compare", "timeline"],
    &[
        "compare/report",
        "timeline/svg",
        "timeline/export",
        "tour",
        "live",
        "orders",
        "step",
        "beside",
        "quiz",
        "exercise",
        "fault",
    ],
    &["cli"],
];

/// What is given to them is told to the user, if the worst comes to the worst.
const MAKES_ERRORS: &[&str] = &[
    "bail",
    "anyhow",
    "ensure",
    "context",
    "with_context",
    "refused",
    "failed",
];

type Module = Vec<String>;

/// What a file says of others.
#[derive(Default)]
struct File {
    /// Paths as they stand there.
    imports: Vec<Module>,
    /// Of them, those that it passes on.
    passed_on: Vec<Module>,
    korean: Vec<String>,
    /// Sentences that are given to the macros and functions which make errors.
    errors: Vec<String>,
}

struct Source {
    files: BTreeMap<Module, (String, File)>,
}

impl Source {
    fn read() -> Source {
        let mut files = BTreeMap::new();
        for (root, package) in [("src", ""), ("trace/src", "trace/")] {
            let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(root);
            Source::read_package(&root, package, &mut files);
        }
        Source { files }
    }

    /// The files of a package; to the others its root is a folder of that name.
    fn read_package(root: &Path, package: &str, files: &mut BTreeMap<Module, (String, File)>) {
        for entry in walkdir::WalkDir::new(root) {
            let entry = entry.expect("a readable folder");
            let name = entry.path().strip_prefix(root).expect("below the root");
            let name = format!("{package}{}", name.to_str().expect("UTF-8"));
            let Some(module) = name.strip_suffix(".rs") else {
                continue;
            };
            let mut module: Module = module.split('/').map(str::to_owned).collect();
            if module.iter().any(|part| part == "tests")
                || ["main.rs", "tour_alone.rs"].contains(&name.as_str())
            {
                continue;
            }
            if ["mod", "lib"].contains(&module[module.len() - 1].as_str()) {
                module.pop();
            }
            let text = fs::read_to_string(entry.path()).expect("a source file");
            let mut file = File::default();
            file.read(text.parse().expect("Rust"));
            files.insert(module, (name, file));
        }
    }

    /// A path as it stands in a module, from the root of the crate; none if it leads out of it.
    fn absolute(&self, module: &Module, path: &[String]) -> Option<Module> {
        let mut base = module.clone();
        let mut path = path;
        match path.first()?.as_str() {
            "crate" => {
                base.truncate(usize::from(base.first().is_some_and(|it| it == "trace")));
                path = &path[1..];
            }
            "labscope_trace" => (base, path) = (vec!["trace".to_owned()], &path[1..]),
            "self" => path = &path[1..],
            "super" => {
                while path.first().is_some_and(|part| part == "super") {
                    base.pop()?;
                    path = &path[1..];
                }
            }
            child => {
                let child = [base.as_slice(), &[child.to_owned()]].concat();
                self.files.get(&child)?;
            }
        }
        Some([base.as_slice(), path].concat())
    }

    /// The file that defines what a path names.
    fn defined_in(&self, path: &Module) -> Module {
        let known = (0..=path.len()).rev().map(|end| path[..end].to_vec());
        let module = known
            .into_iter()
            .find(|module| self.files.contains_key(module));
        let module = module.expect("at least the root");
        let Some(name) = path.get(module.len()) else {
            return module;
        };
        let passed_on = self.files[&module].1.passed_on.iter();
        let mut targets = passed_on.filter(|target| target.last() == Some(name));
        let target = targets.find_map(|target| self.absolute(&module, target));
        match target {
            Some(target) if target != *path => self.defined_in(&target),
            _ => module,
        }
    }

    /// Who imports from whom, by the names of files.
    fn edges(&self) -> BTreeMap<&str, BTreeSet<&str>> {
        let edges = self.files.iter().map(|(module, (name, file))| {
            let paths = file.imports.iter();
            let targets = paths.filter_map(|path| self.absolute(module, path));
            let targets = targets.map(|path| self.files[&self.defined_in(&path)].0.as_str());
            let others = targets.filter(|target| target != name);
            (name.as_str(), others.collect())
        });
        edges.collect()
    }
}

impl File {
    fn read(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut place = 0;
        while let Some(token) = tokens.get(place) {
            let rest = &tokens[place..];
            place += match token {
                TokenTree::Punct(punct) if punct.as_char() == '#' && is_for_tests(rest) => {
                    length_of_item(rest)
                }
                TokenTree::Ident(ident) if ident == "use" => {
                    let end = rest.iter().position(is_semicolon).unwrap_or(rest.len());
                    let mut paths = Vec::new();
                    use_tree(&rest[1..end], &[], &mut paths);
                    match place > 0 && is_visibility(&tokens[place - 1]) {
                        true => self.passed_on.extend(paths),
                        false => self.imports.extend(paths),
                    }
                    end
                }
                // `$crate`: a macro names another one of its own file.
                TokenTree::Punct(punct)
                    if punct.as_char() == '$'
                        && matches!(rest.get(1), Some(TokenTree::Ident(_))) =>
                {
                    2
                }
                TokenTree::Ident(ident)
                    if ["crate", "super", "self"].contains(&&*ident.to_string()) =>
                {
                    let mut path = vec![ident.to_string()];
                    let mut at = 1;
                    while let [
                        TokenTree::Punct(one),
                        TokenTree::Punct(two),
                        TokenTree::Ident(next),
                        ..,
                    ] = &rest[at..]
                        && (one.as_char(), two.as_char()) == (':', ':')
                    {
                        path.push(next.to_string());
                        at += 3;
                    }
                    if path.len() > 1 {
                        self.imports.push(path);
                    }
                    at
                }
                TokenTree::Ident(ident) if MAKES_ERRORS.contains(&&*ident.to_string()) => {
                    let told = rest.iter().skip(1).take(2).find_map(|token| match token {
                        TokenTree::Group(group) => Some(group.stream()),
                        _ => None,
                    });
                    sentences(told.unwrap_or_default(), &mut self.errors);
                    1
                }
                TokenTree::Group(group) => {
                    self.read(group.stream());
                    1
                }
                TokenTree::Literal(literal) => {
                    let text = literal.to_string();
                    let is_hangul = |c: char| ('가'..='힣').contains(&c);
                    if text.contains(is_hangul) {
                        self.korean.push(text);
                    }
                    1
                }
                _ => 1,
            };
        }
    }
}

/// The literals that are more than a name: in `"cannot read {path}"` there are two words, in `"{}: {said}"` is none.
fn sentences(tokens: TokenStream, found: &mut Vec<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => sentences(group.stream(), found),
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                let parts = text.split(['{', '}']).step_by(2); // what stands between the brackets is code
                let is_word = |part: &&str| part.chars().filter(|c| c.is_alphabetic()).count() > 1;
                let words = parts.flat_map(str::split_whitespace).filter(is_word);
                if text.starts_with('"') && words.count() > 1 {
                    found.push(text);
                }
            }
            _ => {}
        }
    }
}

/// Whether `#[cfg(test)]` stands there.
fn is_for_tests(tokens: &[TokenTree]) -> bool {
    matches!(tokens.get(1), Some(TokenTree::Group(group)) if group.to_string().replace(' ', "") == "[cfg(test)]")
}

/// How many tokens an item with its first attribute takes.
fn length_of_item(tokens: &[TokenTree]) -> usize {
    let is_body = |token: &TokenTree| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
    let end = tokens
        .iter()
        .position(|token| is_body(token) || is_semicolon(token));
    end.map_or(tokens.len(), |end| end + 1)
}

fn is_semicolon(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == ';')
}

fn is_visibility(token: &TokenTree) -> bool {
    match token {
        TokenTree::Ident(ident) => ident == "pub",
        TokenTree::Group(group) => group.delimiter() == Delimiter::Parenthesis,
        _ => false,
    }
}

/// Every path of a use declaration.
fn use_tree(tokens: &[TokenTree], before: &[String], paths: &mut Vec<Module>) {
    let is_comma = |token: &TokenTree| matches!(token, TokenTree::Punct(it) if it.as_char() == ',');
    for part in tokens.split(is_comma).filter(|part| !part.is_empty()) {
        let mut path = before.to_vec();
        for token in part {
            match token {
                TokenTree::Ident(ident) if ident == "as" => break,
                TokenTree::Ident(ident) if ident == "self" && !path.is_empty() => {}
                TokenTree::Ident(ident) => path.push(ident.to_string()),
                TokenTree::Group(group) => {
                    let inside: Vec<TokenTree> = group.stream().into_iter().collect();
                    use_tree(&inside, &path, paths);
                    path.clear();
                }
                _ => {}
            }
        }
        if !path.is_empty() {
            paths.push(path);
        }
    }
}

/// The folder of a file that is a layer, and its height.
fn layer(file: &str) -> Option<(&'static str, usize)> {
    let all = LAYERS.iter().zip(0..);
    let all = all.flat_map(|(row, height)| row.iter().map(move |name| (*name, height)));
    let is_in = |name: &str| {
        let rest = file.strip_prefix(name);
        rest.is_some_and(|rest| rest.starts_with('/') || rest == ".rs")
    };
    all.filter(|(name, _)| is_in(name))
        .max_by_key(|(name, _)| name.len())
}

#[test]
fn no_import_runs_up() {
    let source = Source::read();
    let mut wrong = Vec::new();
    for (file, targets) in source.edges() {
        if file == "lib.rs" {
            continue;
        }
        let Some((own, height)) = layer(file) else {
            panic!("src/{file} lies in no layer: name its folder in LAYERS");
        };
        for target in targets {
            let allowed = layer(target).is_some_and(|(other, at)| other == own || at < height);
            if !allowed {
                wrong.push(format!("src/{file} imports from src/{target}"));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "upwards or sideways:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn no_files_import_in_a_circle() {
    let source = Source::read();
    let edges = source.edges();
    let mut left: BTreeSet<&str> = edges.keys().copied().filter(|&it| it != "lib.rs").collect();
    // Again and again, those go that import from nobody who is left; who stays is in a circle or above one.
    loop {
        let is_free = |file: &&str| edges[file].is_disjoint(&left);
        let free: Vec<&str> = left.iter().copied().filter(|file| is_free(file)).collect();
        if free.is_empty() {
            break;
        }
        left.retain(|file| !free.contains(file));
    }
    // And the other way round, who is above.
    loop {
        let used: BTreeSet<&str> = left.iter().flat_map(|file| &edges[file]).copied().collect();
        let before = left.len();
        left.retain(|file| used.contains(file));
        if left.len() == before {
            break;
        }
    }
    let tell = |file: &&str| {
        let to: Vec<&str> = edges[file].intersection(&left).copied().collect();
        format!("src/{file} imports from {}", to.join(", "))
    };
    let told: Vec<String> = left.iter().map(tell).collect();
    assert!(told.is_empty(), "circles:\n{}", told.join("\n"));
}

#[test]
fn korean_stands_in_i18n_alone() {
    nothing_outside_i18n(|file| &file.korean);
}

/// `context("pipe(2)")` is none: the name of what has failed is the same in every language.
#[test]
fn what_errors_say_stands_in_i18n_alone() {
    nothing_outside_i18n(|file| &file.errors);
}

fn nothing_outside_i18n(sentences: fn(&File) -> &Vec<String>) {
    let source = Source::read();
    let mut others = source.files.values().collect::<Vec<_>>();
    others.retain(|(name, file)| !name.starts_with("i18n/") && !sentences(file).is_empty());
    let told = others.iter();
    let told = told.map(|(name, file)| format!("src/{name}: {}", sentences(file).join(", ")));
    let told: Vec<String> = told.collect();
    assert!(
        told.is_empty(),
        "a sentence outside i18n/:\n{}",
        told.join("\n")
    );
}

#[test]
fn imports_are_read_as_they_are_written() {
    let mut file = File::default();
    let text =
        "use crate::a::{self, b::{C, D as E}}; pub use f::G; fn h() { super::i::j(crate::k::L) }
        #[cfg(test)] mod tests { use crate::z::Z; } const M: &str = \"한\";
        fn n() { o().context(\"pipe(2)\").with_context(|| format!(\"cannot read {p}\")); bail!(\"{}: {q}\", r()) }";
    file.read(text.parse().expect("Rust"));
    let imports: Vec<String> = file.imports.iter().map(|path| path.join("::")).collect();
    assert_eq!(
        imports,
        [
            "crate::a",
            "crate::a::b::C",
            "crate::a::b::D",
            "super::i::j",
            "crate::k::L"
        ]
    );
    assert_eq!((file.passed_on.len(), file.korean.len()), (1, 1));
    assert_eq!(file.errors, ["\"cannot read {p}\""]);
}
