// uk completion: what makes a shell complete uk's command lines. The scripts are small: on Tab they ask uk itself.
#include <memory>

#include "cli/context.hpp"

namespace uk::cli {

using base::result;

namespace {

// `=` and `:` end words for bash, not for uk: they are put together again, and what stands before the last one is left out of
// the answers, because bash keeps it.
constexpr const char* bash = R"(# bash completion for uk: source <(uk completion bash)
_uk() {
    local i word before="" line candidate typed kept="" quoted="" words=()
    for ((i = 1; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if [[ ${#words[@]} -gt 0 && ( $word == [=:] || $before == [=:] ) ]]; then
            words[-1]+=$word
        else
            words+=("$word")
        fi
        before=$word
    done
    typed=${words[-1]}
    [[ $typed == [\"\']* ]] && quoted=1
    [[ ! $quoted && $typed == *[=:]* ]] && kept=${typed%"${typed##*[=:]}"}
    COMPREPLY=()
    while IFS= read -r line; do
        candidate=${line%%$'\t'*}
        case $candidate in
            :files)
                compopt -o filenames
                mapfile -t COMPREPLY < <(compgen -f -- "${typed#"$kept"}") ;;
            :folders)
                compopt -o filenames
                mapfile -t COMPREPLY < <(compgen -d -- "${typed#"$kept"}") ;;
            *)
                candidate=${candidate#"$kept"}
                [[ ! $quoted && $candidate == *[\ \'\"\\\$\&\;\|\(\)\<\>]* ]] && printf -v candidate %q "$candidate"
                COMPREPLY+=("$candidate") ;;
        esac
    done < <("${COMP_WORDS[0]}" complete -- "${words[@]}" 2>/dev/null)
    [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace
}
complete -F _uk uk
)";

constexpr const char* zsh = R"(#compdef uk
# zsh completion for uk: source <(uk completion zsh), or as _uk in a folder of $fpath
_uk() {
    local line candidate
    local -a described
    for line in "${(@f)$(${words[1]} complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
        candidate=${line%%$'\t'*}
        case $candidate in
            :files) _files; return ;;
            :folders) _files -/; return ;;
            '') ;;
            *) described+=("${candidate//:/\\:}:${${line#$candidate}#$'\t'}") ;;
        esac
    done
    _describe -V 'uk' described
}
if [[ ${funcstack[1]} == _uk ]]; then
    _uk "$@"
else
    compdef _uk uk
fi
)";

constexpr const char* fish = R"(# fish completion for uk: uk completion fish | source
function __uk_complete
    set -l words (commandline -opc) (commandline -ct)
    for line in ($words[1] complete -- $words[2..-1] 2>/dev/null)
        switch $line
            case ':files'
                __fish_complete_path (commandline -ct)
            case ':folders'
                __fish_complete_directories (commandline -ct)
            case '*'
                echo $line
        end
    end
end
complete -c uk -f -k -a '(__uk_complete)'
)";

} // namespace

void add_completion(CLI::App& app, verb& chosen) {
    CLI::App* const verb = app.add_subcommand("completion", "Print what makes a shell complete uk's command lines");
    const auto shell = std::make_shared<std::string>();
    verb->add_option("shell", *shell, "Which")
        ->required()
        ->type_name("SHELL")
        ->check(CLI::IsMember({"bash", "zsh", "fish"}));
    verb->footer(
        "\nIt completes verbs, options and values: variants of uk.yaml, actions, machines, templates, formats.\n\n"
        "Examples:\n  source <(uk completion bash)    in ~/.bashrc; for zsh alike, in ~/.zshrc\n"
        "  uk completion fish > ~/.config/fish/completions/uk.fish");
    verb->callback([&chosen, shell] {
        chosen = [shell](context& how) -> result<int> {
            how.print(*shell == "bash" ? bash : *shell == "zsh" ? zsh : fish);
            return 0;
        };
    });
}

} // namespace uk::cli
