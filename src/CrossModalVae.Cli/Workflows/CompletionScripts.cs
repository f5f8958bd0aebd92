namespace CrossModalVae.Cli.Workflows;

/// <summary>
/// The scripts of <c>cmvae completion</c>. Each hands the line up to the cursor, without its first word, to the program, which answers
/// the directive [suggest:N] with a word a line. It keeps the words that begin as the one before the cursor does, without one-letter
/// aliases. Where none does, the shell completes files. The parser (System.CommandLine 2.0.0) fails on --option=value there, so that it
/// gets a space for the sign.
/// </summary>
internal static class CompletionScripts
{
    /// <summary>For bash. It parts words at ':' and '=' too, so that what stands before them is taken off the answers.</summary>
    internal const string Bash =
        """
        # Completion of cmvae in bash; made by 'cmvae completion bash'.
        _cmvae() {
            local program=$1 line=${COMP_LINE:0:COMP_POINT} found word before
            [[ $program == "~"/* ]] && program=$HOME/${program:2}
            [[ $line == *[[:space:]]* ]] || return 0
            line=${line#*[[:space:]]}
            line=${line//=/ }
            word=${line##*[[:space:]]}
            [[ $COMP_WORDBREAKS == *:* ]] && before=${word%"${word##*:}"}
            COMPREPLY=()
            while IFS= read -r found; do
                [[ $found == "$word"* && -n $found && $found != -? ]] && COMPREPLY+=("${found#"$before"}")
            done < <("$program" "[suggest:${#line}]" "$line" 2>/dev/null)
        }
        complete -o bashdefault -o default -F _cmvae cmvae

        """;

    /// <summary>For zsh.</summary>
    internal const string Zsh =
        """
        #compdef cmvae
        # Completion of cmvae in zsh; made by 'cmvae completion zsh'.
        _cmvae() {
            local program=${~words[1]}
            local line="${(j: :)words[2,CURRENT-1]}"
            (( CURRENT > 2 )) && line+=" "
            line+=$PREFIX
            line=${line//=/ }
            local -a found
            found=("${(@f)$("$program" "[suggest:${#line}]" "$line" 2>/dev/null)}")
            [[ $PREFIX == --*=* ]] && compset -P '*='
            compadd -- ${${found:#}:#-?} || _files
        }
        if [[ ${funcstack[1]} == _cmvae ]]; then
            _cmvae "$@"
        else
            compdef _cmvae cmvae
        fi

        """;

    /// <summary>For PowerShell, which completes files by itself where nothing is offered.</summary>
    internal const string PowerShell =
        """
        # Completion of cmvae in PowerShell; made by 'cmvae completion pwsh'.
        Register-ArgumentCompleter -Native -CommandName cmvae -ScriptBlock {
            param($word, $command, $position)
            $typed = [Math]::Max(0, $position - $command.Extent.StartOffset)
            $line = $command.ToString().PadRight($typed).Substring(0, $typed).Replace('=', ' ')
            $line = $line.Substring([Math]::Min($typed, $command.CommandElements[0].Extent.Text.Length + 1))
            $last = ($word -split '=')[-1]
            $before = $word.Substring(0, $word.Length - $last.Length)
            & $command.CommandElements[0].Value "[suggest:$($line.Length)]" $line 2>$null |
                Where-Object { $_ -notlike '-?' -and $_.StartsWith($last, [StringComparison]::Ordinal) } |
                ForEach-Object { [System.Management.Automation.CompletionResult]::new($before + $_, $_, 'ParameterValue', $_) }
        }

        """;
}
