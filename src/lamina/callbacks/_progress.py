"""placeholder"""
from lamina.training import Callback
class Progress(Callback):
    def on_epoch_end(self, epoch, logs):
        print(epoch, {k: round(v,4) for k,v in logs.items()})
def progress(verbose):
    return [] if verbose==0 else [Progress()]
