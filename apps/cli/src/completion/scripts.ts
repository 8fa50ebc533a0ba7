export const shells = ['bash', 'zsh', 'fish', 'powershell'] as const;
export type Shell = (typeof shells)[number];

/**
 * What each shell is told: hand the words to `flotilla __complete`, which answers with a candidate and what it is, a tab
 * between, on each line. The shell knows nothing else, so that a new verb needs no new script.
 */
export const scripts: Readonly<Record<Shell, string>> = {
  bash: `# flotilla completion for bash: source <(flotilla completion bash)
_flotilla() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    [[ -n $line ]] && COMPREPLY+=("$(printf '%q' "\${line%%$'\\t'*}")")
  done < <(flotilla __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _flotilla flotilla
`,
  zsh: `#compdef flotilla
# flotilla completion for zsh: source <(flotilla completion zsh)
_flotilla() {
  local -a lines candidates
  local line
  lines=("\${(@f)$(flotilla __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  for line in $lines; do
    [[ -z $line ]] && continue
    candidates+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  if (( $#candidates )); then _describe 'flotilla' candidates; else _files; fi
}
(( $+functions[compdef] )) && compdef _flotilla flotilla
`,
  fish: `# flotilla completion for fish: flotilla completion fish | source
function __flotilla_complete
  set -l words (commandline -opc) (commandline -ct)
  flotilla __complete $words[2..-1] 2>/dev/null
end
complete -c flotilla -f -a '(__flotilla_complete)'
complete -c flotilla -s f -l filename -r -F
`,
  powershell: `# flotilla completion for PowerShell: flotilla completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName flotilla -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
  if ($wordToComplete -eq '') { $words += '' }
  flotilla __complete @words 2>$null | ForEach-Object {
    $text, $about = $_ -split "\`t", 2
    if (-not $about) { $about = $text }
    [System.Management.Automation.CompletionResult]::new($text, $text, 'ParameterValue', $about)
  }
}
`,
};
