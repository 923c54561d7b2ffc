"""A script of completion for each shell: fixed words, and the policies that lie in `policies` here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from imrpolicy.cli.completion_words import Command, Filled

_BASH = """\
# Completion of imrpolicy for bash. Put it into your profile: source <(imrpolicy completion bash)
_imrpolicy() {{
    local cur=${{COMP_WORDS[COMP_CWORD]}} prev=${{COMP_WORDS[COMP_CWORD-1]}} verb= words= filled= i
    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${{COMP_WORDS[i]}} in
            -*) ;;
            *) verb=${{COMP_WORDS[i]}}; break ;;
        esac
    done
    COMPREPLY=()
    if [[ -z $verb ]]; then
        COMPREPLY=($(compgen -W "{verbs} --help --version --debug" -- "$cur"))
        return
    fi
    case $verb:$prev in
{values}
    esac
    if [[ -n $words ]]; then
        COMPREPLY=($(compgen -W "$words" -- "$cur"))
        return
    fi
    case $verb in
{commands}
    esac
    if [[ $cur != -* ]]; then
        words=
        if [[ $filled == policies ]]; then
            for i in policies/*/*/policy.yaml; do
                i=${{i#policies/}} i=${{i%/policy.yaml}}
                # What is no id is left out: compgen would run a name such as '$(command)'.
                [[ $i == *[!a-z0-9/-]* ]] || words+=" $i"
            done
        fi
        if [[ $prev == "$verb" ]]; then
            case $verb in
{firsts}
            esac
        fi
    fi
    COMPREPLY=($(compgen -W "$words" -- "$cur"))
}}
complete -o default -F _imrpolicy imrpolicy
"""
_ZSH = """\
# Completion of imrpolicy for zsh. Put it into your .zshrc: source <(imrpolicy completion zsh)
autoload -U +X compinit && compinit
autoload -U +X bashcompinit && bashcompinit
"""
_FISH = """\
# Completion of imrpolicy for fish. Keep it where fish looks for it:
# imrpolicy completion fish > ~/.config/fish/completions/imrpolicy.fish
function __imrpolicy_policies
    for file in policies/*/*/policy.yaml
        string replace -r '^policies/(.*)/policy.yaml$' '$1' $file
    end
end
"""
_POWERSHELL = """\
# Completion of imrpolicy for PowerShell. Put it into your profile:
# imrpolicy completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName imrpolicy -ScriptBlock {{
    param($wordToComplete, $commandAst, $cursorPosition)
    $options = @{{
{options}
    }}
    $values = @{{
{values}
    }}
    $policies = @({policies})
    $typed = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object {{ "$_" }})
    if ($wordToComplete -and $typed.Count) {{ $typed = @($typed | Select-Object -SkipLast 1) }}
    $verb = $typed | Where-Object {{ $_ -notlike '-*' }} | Select-Object -First 1
    $last = $typed | Select-Object -Last 1
    if (-not $verb) {{ $words = @({verbs}) }}
    elseif ($values.ContainsKey("$verb $last")) {{ $words = $values["$verb $last"] }}
    else {{
        $words = @($options[$verb])
        if ($verb -eq $last -and $values.ContainsKey($verb)) {{ $words += $values[$verb] }}
        if ($policies -contains $verb) {{
            $words += Get-ChildItem -Path 'policies/*/*/policy.yaml' -ErrorAction SilentlyContinue |
                ForEach-Object {{ "$($_.Directory.Parent.Name)/$($_.Directory.Name)" }}
        }}
    }}
    $words | Where-Object {{ $_ -like "$wordToComplete*" }} |
        ForEach-Object {{ [System.Management.Automation.CompletionResult]::new($_) }}
}}
"""


def bash(commands: tuple[Command, ...]) -> str:
    """The script for bash."""
    values = [
        f'        {command.name}:{option.name}) words="{" ".join(option.values)}" ;;'
        for command in commands
        for option in command.options
        if option.values
    ]
    known = [
        f'        {command.name}) words="{_options(command)}"; filled={command.filled} ;;'
        for command in commands
    ]
    firsts = [f'                {c.name}) words+=" {" ".join(c.words)}" ;;' for c in commands if c.words]
    return _BASH.format(
        verbs=" ".join(command.name for command in commands),
        values="\n".join(values),
        commands="\n".join(known),
        firsts="\n".join(firsts),
    )


def zsh(commands: tuple[Command, ...]) -> str:
    """The script for zsh, which can run that of bash."""
    return _ZSH + bash(commands).partition("\n")[2]


def fish(commands: tuple[Command, ...]) -> str:
    """The script for fish."""
    return _FISH + "\n".join(line for command in commands for line in _fish(command)) + "\n"


def _fish(command: Command) -> Iterator[str]:
    yield f"complete -c imrpolicy -n __fish_use_subcommand -fa {command.name} -d {_quoted(command.help)}"
    here = f"complete -c imrpolicy -n '__fish_seen_subcommand_from {command.name}'"
    for option in command.options:
        argument = (
            f" -xa {_quoted(' '.join(option.values))}"
            if option.values
            else " -r"
            if option.takes_value
            else ""
        )
        yield f"{here} -l {option.name.lstrip('-')}{argument} -d {_quoted(option.help)}"
    if command.words:
        yield f"{here} -fa {_quoted(' '.join(command.words))}"
    if command.filled is Filled.POLICIES:
        yield f"{here} -fa '(__imrpolicy_policies)'"


def powershell(commands: tuple[Command, ...]) -> str:
    """The script for PowerShell."""
    values = {
        f"{c.name} {option.name}": option.values for c in commands for option in c.options if option.values
    }
    values |= {command.name: command.words for command in commands if command.words}
    filled = (command.name for command in commands if command.filled is Filled.POLICIES)
    return _POWERSHELL.format(
        options="\n".join(f"        '{c.name}' = @({_list(_options(c).split())})" for c in commands),
        values="\n".join(f"        '{name}' = @({_list(words)})" for name, words in values.items()),
        policies=_list(filled),
        verbs=_list(command.name for command in commands),
    )


def _options(command: Command) -> str:
    return " ".join(option.name for option in command.options)


def _list(words: Iterator[str] | tuple[str, ...] | list[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def _quoted(text: str) -> str:
    plain = " ".join(text.split()).replace("\\", "\\\\").replace("'", "\\'")
    return f"'{plain}'"


SHELLS: Mapping[str, Callable[[tuple[Command, ...]], str]] = {
    "bash": bash,
    "zsh": zsh,
    "fish": fish,
    "powershell": powershell,
}
"""The script of each shell, by its name."""
