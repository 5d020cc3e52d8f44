"""Small networks in the manner of public PyTorch code, with random weights: what each computes is what
the network recognised from its state dict must compute. Run behind the preamble of torch.ts."""
from torch import nn
from torch.nn import functional as F

torch.manual_seed(3)


def conv(i, o, k=3, s=1, bias=False, groups=1):
    return nn.Conv2d(i, o, k, s, k // 2, bias=bias, groups=groups)


class Sequence(nn.Module):
    """VGG: "M" and "A" pool, a number is a convolution."""

    def __init__(self, prefix, cfg, head, bn=True, bias=True):
        super().__init__()
        layers, i = [], 3
        for entry in cfg:
            if entry == "M":
                layers.append(nn.MaxPool2d(2))
            elif entry == "A":
                layers.append(nn.AvgPool2d(2))
            else:
                layers += [conv(i, entry, bias=bias)] + [nn.BatchNorm2d(entry)] * bn + [nn.ReLU()]
                i = entry
        self.prefix = prefix
        setattr(self, prefix, nn.Sequential(*layers))
        self.classifier = head

    def forward(self, x):
        x = getattr(self, self.prefix)(x)
        x = F.avg_pool2d(x, 2) if self.prefix == "feature" else F.adaptive_avg_pool2d(x, 7 if x.shape[2] > 1 else 1)
        return self.classifier(x.view(x.shape[0], -1))


class Basic(nn.Module):
    def __init__(self, i, o, s, way):
        super().__init__()
        self.s, self.way, self.widens = s, way, s != 1 or i != o
        self.conv1, self.bn1 = conv(i, o, 3, s), nn.BatchNorm2d(o)
        self.conv2, self.bn2 = conv(o, o), nn.BatchNorm2d(o)
        if self.widens and way != "A":
            setattr(self, way, nn.Sequential(conv(i, o, 1, s), nn.BatchNorm2d(o)))

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        if self.widens and self.way == "A":
            more = (y.shape[1] - x.shape[1]) // 2
            x = F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, more, more))
        elif self.widens:
            x = getattr(self, self.way)(x)
        return F.relu(x + y)


class Bottleneck(nn.Module):
    def __init__(self, i, o, s, way):
        super().__init__()
        self.conv1, self.bn1 = conv(i, o, 1), nn.BatchNorm2d(o)
        self.conv2, self.bn2 = conv(o, o, 3, s, groups=2), nn.BatchNorm2d(o)
        self.conv3, self.bn3 = conv(o, 2 * o, 1), nn.BatchNorm2d(2 * o)
        self.downsample = nn.Sequential(conv(i, 2 * o, 1, s), nn.BatchNorm2d(2 * o))

    def forward(self, x):
        y = F.relu(self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x))))))
        return F.relu(self.bn3(self.conv3(y)) + self.downsample(x))


class ResNet(nn.Module):
    def __init__(self, block, way, last, large, expansion=1):
        super().__init__()
        self.large, self.last = large, last
        self.conv1 = nn.Conv2d(3, 4, 7, 2, 3, bias=False) if large else conv(3, 4)
        self.bn1 = nn.BatchNorm2d(4)
        self.layer1 = nn.Sequential(block(4, 4, 1, way))
        self.layer2 = nn.Sequential(block(4 * expansion, 8, 2, way), block(8 * expansion, 8, 1, way))
        setattr(self, last, nn.Linear(8 * expansion, 10))

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.max_pool2d(x, 3, 2, 1) if self.large else x
        return getattr(self, self.last)(self.layer2(self.layer1(x)).mean((2, 3)))


class Select(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.indexes = nn.Parameter((torch.arange(n) % 3 > 0).float())

    def kept(self):
        return int(self.indexes.sum())

    def forward(self, x):
        return x[:, self.indexes.nonzero().flatten()]


class Layer(nn.Module):
    def __init__(self, i, o, k, narrow=0):
        super().__init__()
        self.bn1, self.select = nn.BatchNorm2d(i), Select(i)
        self.conv1 = conv(self.select.kept(), narrow or o, 1 if narrow else k)
        if narrow:
            self.bn2, self.conv2 = nn.BatchNorm2d(narrow), conv(narrow, o)

    def forward(self, x):
        y = self.conv1(F.relu(self.select(self.bn1(x))))
        return self.conv2(F.relu(self.bn2(y))) if hasattr(self, "conv2") else y


class DenseNet(nn.Module):
    def __init__(self, narrow):
        super().__init__()
        self.conv1 = conv(3, 6)
        self.dense1 = nn.Sequential(Layer(6, 3, 3, narrow), Layer(9, 3, 3, narrow))
        self.trans1 = Layer(12, 7, 1)
        self.dense2 = nn.Sequential(Layer(7, 3, 3, narrow))
        self.bn, self.select, self.fc = nn.BatchNorm2d(10), Select(10), nn.Linear(6, 10)

    def forward(self, x):
        x = self.conv1(x)
        for layer in self.dense1:
            x = torch.cat((x, layer(x)), 1)
        x = F.avg_pool2d(self.trans1(x), 2)
        for layer in self.dense2:
            x = torch.cat((x, layer(x)), 1)
        return self.fc(F.relu(self.select(self.bn(x))).mean((2, 3)))


def big_head():
    return nn.Sequential(nn.Linear(7 * 49, 12), nn.ReLU(), nn.Dropout(), nn.Linear(12, 9), nn.ReLU(), nn.Dropout(),
                         nn.Linear(9, 5))


DEEP = [4, "M", 6, 5, "M", 8, "M", 8, "M", 7, "M"]
PEERS = {
    "torchvision vgg_bn": (lambda: Sequence("features", DEEP, big_head()), 224),
    "torchvision vgg": (lambda: Sequence("features", DEEP, big_head(), bn=False), 224),
    "kuangliu vgg": (lambda: Sequence("features", DEEP, nn.Linear(7, 10)), 32),
    "slimming vgg, folded": (lambda: Sequence("feature", DEEP[:-1], nn.Linear(7, 10), bn=False), 32),
    "slimming vgg, average pools": (
        lambda: Sequence("feature", [4, "A", 6, 5, "M", 8, "A", 8, "M", 7], nn.Linear(7, 10), bias=False), 32),
    "slimming vgg, two dense layers": (
        lambda: Sequence("feature", DEEP[:-1], nn.Sequential(
            nn.Linear(7, 9), nn.BatchNorm1d(9), nn.ReLU(), nn.Linear(9, 10)), bias=False), 32),
    "torchvision resnet": (lambda: ResNet(Basic, "downsample", "fc", True), 224),
    "torchvision resnext": (lambda: ResNet(Bottleneck, "downsample", "fc", True, 2), 224),
    "kuangliu resnet": (lambda: ResNet(Basic, "shortcut", "linear", False), 32),
    "akamaster resnet": (lambda: ResNet(Basic, "A", "linear", False), 32),
    "slimming densenet": (lambda: DenseNet(0), 32),
    "slimming densenet, bottlenecks": (lambda: DenseNet(5), 32),
}


def shake(net):
    for name, tensor in net.state_dict().items():
        if tensor.dtype == torch.float32 and tensor.dim() == 1 and "indexes" not in name:
            tensor.uniform_(0.5, 1.5) if "weight" in name or "var" in name else tensor.normal_(0, 0.2)
    return net.eval()


sent = {}
for peer, (make, side) in PEERS.items():
    net, images = shake(make()), torch.randn(2, 3, side, side)
    with torch.no_grad():
        answer = {**net.state_dict(), "images": images, "logits": net(images)}
    sent.update({peer + "/" + name: tensor for name, tensor in answer.items()})
write(sent)
