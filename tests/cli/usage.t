# What a command line can be wrong in.

$ uk
error: a verb is missing

hint: `uk --help` lists the verbs
[2]
$ uk biuld
error: there is no verb `biuld`; did you mean `build`?

hint: `uk --help` lists the verbs
[2]
$ uk build --loked
error: the following argument was not expected: --loked

hint: `uk build --help` shows how it is used
[2]
$ uk build --jobs many
error: --jobs: Value many not in range 0 to 1024

hint: `uk build --help` shows how it is used
[2]
$ uk inspect
error: image is required

hint: `uk inspect --help` shows how it is used
[2]
$ uk -C nowhere build
error: nowhere/uk.yaml: there is no uk.yaml here

hint: `uk init NAME` makes an application; `-C DIR` works in another folder
[3]
$ mkdir empty && uk -C empty build
error: empty/uk.yaml: there is no uk.yaml here

hint: `uk init NAME` makes an application; `-C DIR` works in another folder
[3]
$ uk -C empty --json build
{
  "errors": [
    {
      "file": "empty/uk.yaml",
      "hint": "`uk init NAME` makes an application; `-C DIR` works in another folder",
      "message": "there is no uk.yaml here"
    }
  ],
  "status": 3
}
error: empty/uk.yaml: there is no uk.yaml here

hint: `uk init NAME` makes an application; `-C DIR` works in another folder
[3]
