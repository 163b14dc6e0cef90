// Judges calls with @cloud-copilot/iam-simulate: one JSON object a line on standard input, one
// verdict a line on standard output, in the same order. A call whose context keys the simulator
// would drop is an error, so that no condition is silently judged on less than it was given.
import { createInterface } from 'node:readline'
import { runSimulation } from '@cloud-copilot/iam-simulate'

async function judge(call) {
  const simulation = {
    request: {
      principal: call.principal,
      action: call.action,
      resource: { resource: call.resource, accountId: call.owner },
      contextVariables: call.context
    },
    identityPolicies: call.identity.map((policy, index) => ({ name: `identity-${index + 1}`, policy })),
    sessionPolicy: call.session ?? undefined,
    resourcePolicy: call.attached ?? undefined,
    serviceControlPolicies: [],
    resourceControlPolicies: []
  }
  const answer = await runSimulation(simulation, { simulationMode: 'Strict' })
  if (answer.resultType !== 'single') {
    return { error: JSON.stringify(answer.errors ?? answer.resultType) }
  }
  const dropped = answer.result.ignoredContextKeys ?? []
  if (dropped.length > 0) {
    return { error: `context keys not taken: ${dropped.join(', ')}` }
  }
  return { verdict: answer.overallResult }
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  let answer
  try {
    answer = await judge(JSON.parse(line))
  } catch (error) {
    answer = { error: String(error) }
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}
