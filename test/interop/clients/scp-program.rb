# Drives net-scp, Ruby's scp: three files and a tree up and back, and one that is not there.
require 'net/scp'
port, key, here = ARGV
options = { port: port.to_i, keys: [key], keys_only: true, verify_host_key: :never, non_interactive: true, config: false }
Net::SSH.start('127.0.0.1', 'u', **options) do |ssh|
  3.times do |at|
    ssh.scp.upload!("#{here}/file #{at}", "/ü #{at}")
    ssh.scp.download!("/ü #{at}", "#{here}/back #{at}")
  end
  ssh.scp.upload!("#{here}/tree", '/copied', recursive: true, preserve: true)
  ssh.scp.download!('/copied', "#{here}/tree back", recursive: true)
end
Net::SSH.start('127.0.0.1', 'u', **options) do |ssh|
  begin
    ssh.scp.download!('/missing', "#{here}/missing")
  rescue Net::SCP::Error => error
    puts error.message
  end
end
